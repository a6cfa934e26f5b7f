"""Waits until a server answers, and makes its bucket if there is none.

Arguments: the most seconds to wait, the server's process id, to give up at once when it is gone,
its address, and the bucket.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

seconds, server, address, bucket = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
# not through a proxy: it is this machine
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_gone(pid):
    try:
        os.kill(pid, 0)
        return pid == 0
    except ProcessLookupError:
        return True


def make_bucket():
    request = urllib.request.Request(
        address + "/storage/v1/b?project=test",
        json.dumps({"name": bucket}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        return opener.open(request, timeout=10).status
    except urllib.error.HTTPError as e:
        return e.code


end = time.monotonic() + seconds
last = "no answer"
while time.monotonic() < end:
    if is_gone(server):
        sys.exit("the GCS server ended")
    try:
        status = make_bucket()
        if status in (200, 409):  # made, or there already
            sys.exit(0)
        last = "HTTP status %d" % status
    except OSError as e:
        last = str(e)
    time.sleep(0.05)
sys.exit("the GCS server did not answer in time: " + last)
