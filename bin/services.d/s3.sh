# S3: S3Proxy on the file system, in a JVM of its own, from Maven. With S3_TLS=yes also over TLS, by a certificate of its own.

S3_BUCKET_NAME=sheave-test

service_summary() { say "S3 server (S3Proxy); needs Maven"; }

service_address() { say "http://127.0.0.1:$(cat "$STATE/port" 2>/dev/null || say '?')"; }

service_start() {
  local port key secret java objects=${S3_OBJECTS:-$STATE/objects}
  java=$(java_tool java)
  s3_class_path
  mkdir -p "$objects"
  port=$(choose_port)
  key=sheave-$(random_hex 6)
  secret=$(random_hex 24)
  cat >"$STATE/s3proxy.properties" <<EOF
s3proxy.endpoint=http://127.0.0.1:$port
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=$key
s3proxy.credential=$secret
s3proxy.ignore-unknown-headers=true
jclouds.provider=filesystem-nio2
jclouds.identity=unused
jclouds.credential=unused
jclouds.filesystem.basedir=$objects
EOF
  {
    assign S3_ENDPOINT "http://127.0.0.1:$port"
    assign S3_ACCESS_KEY_ID "$key"
    assign S3_SECRET_ACCESS_KEY "$secret"
    assign S3_BUCKET "$S3_BUCKET_NAME"
  } >"$STATE/env"
  [ "${S3_TLS:-no}" = no ] || s3_tls
  # at INFO it logs every request, and is slow
  cat >"$STATE/logback.xml" <<'EOF'
<configuration>
  <appender name="log" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="log"/></root>
</configuration>
EOF
  # keys are file names: in another locale Java can't write all of them
  LC_ALL=C.UTF-8 spawn "$java" -Xmx256m -XX:+UseSerialGC \
    -Dlogback.configurationFile="$STATE/logback.xml" -cp "$(cat "$STATE/class-path")" \
    org.gaul.s3proxy.Main --properties "$STATE/s3proxy.properties"
}

service_answers() {
  local java source=$SERVICES/s3proxy/MakeBucket.java
  [ -s "$STATE/env" ] || return 1
  java=$(java_tool java)
  if [ ! "$STATE/classes/MakeBucket.class" -nt "$source" ]; then
    "$(java_tool javac)" -d "$STATE/classes" "$source" || return 1
  fi
  # over standard input: a command line can be read by everybody
  "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$STATE/classes" MakeBucket 60 "$(pid || say 0)" <"$STATE/env"
}

service_env() { cat "$STATE/env"; }

service_forget_secrets() { rm -f "$STATE/env" "$STATE/s3proxy.properties" "$STATE/tls.p12"; }

# a second port, and a certificate that nobody trusts who isn't told to
s3_tls() {
  local keytool port password
  keytool=$(java_tool keytool)
  port=$(STATE=$STATE/tls && mkdir -p "$STATE" && choose_port)
  password=$(random_hex 16)
  rm -f "$STATE/tls.p12"
  "$keytool" -genkeypair -alias s3 -keyalg EC -groupname secp256r1 -dname CN=sheave-test -ext san=ip:127.0.0.1 -validity 3650 \
    -keystore "$STATE/tls.p12" -storetype PKCS12 -storepass "$password" >"$STATE/keytool.log" 2>&1 &&
    "$keytool" -exportcert -rfc -alias s3 -keystore "$STATE/tls.p12" -storepass "$password" \
      -file "$STATE/certificate.pem" >>"$STATE/keytool.log" 2>&1 ||
    { cat "$STATE/keytool.log" >&2; fail "keytool could not make a certificate"; }
  cat >>"$STATE/s3proxy.properties" <<EOF
s3proxy.secure-endpoint=https://127.0.0.1:$port
s3proxy.keystore-path=$STATE/tls.p12
s3proxy.keystore-password=$password
EOF
  {
    assign S3_TLS_ENDPOINT "https://127.0.0.1:$port"
    assign S3_TLS_CERTIFICATE "$STATE/certificate.pem"
    assign S3_TLS_TRUST_STORE "$STATE/tls.p12"
    assign S3_TLS_TRUST_STORE_PASSWORD "$password"
  } >>"$STATE/env"
}

# resolved once for each version of the POM
s3_class_path() {
  local pom=$SERVICES/s3proxy/pom.xml jar missing=
  if [ -s "$STATE/class-path" ] && [ "$STATE/class-path" -nt "$pom" ]; then
    while IFS= read -r -d : jar; do [ -f "$jar" ] || missing=$jar; done <"$STATE/class-path"
    [ -n "$missing" ] || return 0
  fi
  command -v mvn >/dev/null || fail "mvn is not on the PATH: s3 comes from Maven (3.8 or newer)"
  rm -f "$STATE/class-path"
  say "s3: resolving S3Proxy with Maven" >&2
  mvn -q -B -f "$pom" dependency:build-classpath -Dmdep.outputFile="$STATE/class-path.new" >"$STATE/maven.log" 2>&1 9>&- ||
    { cat "$STATE/maven.log" >&2; fail "Maven could not resolve S3Proxy"; }
  mv "$STATE/class-path.new" "$STATE/class-path"
}
