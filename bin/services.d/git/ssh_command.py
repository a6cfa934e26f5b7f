"""What somebody may do who logs in by SSH: fetch from a repository, and ask where its LFS objects are.

Arguments: the service's folder, and the address of its HTTPS server.
"""

import base64
import json
import os
import shlex
import sys

state, address = sys.argv[1], sys.argv[2]
words = shlex.split(os.environ.get("SSH_ORIGINAL_COMMAND", ""))
if len(words) < 2 or ".." in words[1].split("/"):
    sys.exit("This account is for git.")
repository = words[1].strip("/")
if words[0] == "git-upload-pack":
    folder = os.path.join(state, "repositories", repository)
    if not os.path.isdir(folder):
        sys.exit("ERROR: Repository not found.")
    os.execvp("git", ["git", "upload-pack", folder])
if words[0] == "git-lfs-authenticate":
    with open(os.path.join(state, "token")) as file:
        credentials = base64.b64encode(("ssh:" + file.read().strip()).encode()).decode()
    print(
        json.dumps(
            {
                "href": "%s/%s/info/lfs" % (address, repository),
                "header": {"Authorization": "Basic " + credentials},
                "expires_in": 600,
            }
        )
    )
    sys.exit(0)
sys.exit("This account is for git.")
