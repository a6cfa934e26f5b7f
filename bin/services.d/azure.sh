# Azure Blob Storage: Azurite from npm, on Node.js.
# debian: node=nodejs npm=npm

# the newest that runs on Node.js 18, which is Debian 12's
AZURITE_VERSION=3.35.0
AZURE_ACCOUNT_NAME=sheavetest
AZURE_CONTAINER_NAME=sheave-test

service_summary() { say "Azure Blob Storage (Azurite); needs Node.js 18 or newer, and npm"; }

service_address() { say "http://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local port account key
  for tool in node npm; do
    command -v $tool >/dev/null || fail "$tool is not on the PATH: azure needs Node.js 18 or newer, and npm (Debian: apt-get install nodejs npm)"
  done
  install_azurite
  mkdir -p "$STATE/blobs"
  port=$(choose_port)
  account=$AZURE_ACCOUNT_NAME
  key=$(head -c 64 /dev/urandom | base64 | tr -d '\n')
  {
    assign AZURE_STORAGE_CONNECTION_STRING "DefaultEndpointsProtocol=http;AccountName=$account;AccountKey=$key;BlobEndpoint=http://127.0.0.1:$port/$account;"
    assign AZURE_STORAGE_ACCOUNT_NAME "$account"
    assign AZURE_STORAGE_ACCOUNT_KEY "$key"
    assign AZURE_STORAGE_ENDPOINT "http://127.0.0.1:$port/$account"
    assign AZURE_CONTAINER "$AZURE_CONTAINER_NAME"
  } >"$STATE/env"
  # the one way in which it takes accounts
  AZURITE_ACCOUNTS="$account:$key" spawn node "$STATE/azurite/node_modules/azurite/dist/src/blob/main.js" \
    --blobHost 127.0.0.1 --blobPort "$port" --location "$STATE/blobs" --silent --disableTelemetry --skipApiVersionCheck
}

service_answers() {
  [ -s "$STATE/env" ] || return 1
  # over standard input: a command line can be read by everybody
  (
    . "$STATE/env"
    printf '%s\n' "$AZURE_STORAGE_ENDPOINT" "$AZURE_STORAGE_ACCOUNT_NAME" "$AZURE_STORAGE_ACCOUNT_KEY" "$AZURE_CONTAINER"
  ) | node "$SERVICES/azurite/make-container.js" 60 "$(pid || say 0)"
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -f "$STATE/env"; }

install_azurite() {
  local folder=$STATE/azurite
  [ "$(cat "$folder/version" 2>/dev/null)" != "$AZURITE_VERSION" ] || return 0
  say "azure: installing Azurite $AZURITE_VERSION with npm" >&2
  rm -rf "$folder"
  mkdir -p "$folder"
  npm install --prefix "$folder" --no-audit --no-fund --ignore-scripts "azurite@$AZURITE_VERSION" >"$STATE/npm.log" 2>&1 9>&- ||
    { cat "$STATE/npm.log" >&2; fail "npm could not install Azurite"; }
  say "$AZURITE_VERSION" >"$folder/version"
}
