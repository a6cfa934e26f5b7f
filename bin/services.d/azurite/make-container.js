// Waits until a blob server answers signed requests, and makes its container if there is none.
// Arguments: the most seconds to wait, and the server's process id, to give up at once when it is gone.
// Standard input: endpoint, account, key and container, a line each. Uses nothing but Node.js.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');

const [endpoint, account, key, container] = fs.readFileSync(0, 'utf8').split('\n');
const end = Date.now() + Number(process.argv[2]) * 1000;
const server = Number(process.argv[3]);

function makeContainer() {
  const url = new URL(`${endpoint}/${container}?restype=container`);
  const date = new Date().toUTCString();
  const toSign = [
    'PUT', '', '', '', '', '', '', '', '', '', '', '',
    `x-ms-date:${date}`, 'x-ms-version:2021-08-06',
    `/${account}${url.pathname}`, 'restype:container',
  ].join('\n');
  const signature = crypto.createHmac('sha256', Buffer.from(key, 'base64')).update(toSign).digest('base64');
  const headers = {
    'x-ms-date': date,
    'x-ms-version': '2021-08-06',
    'content-length': 0,
    authorization: `SharedKey ${account}:${signature}`,
  };
  return new Promise((resolve, reject) => {
    http.request(url, { method: 'PUT', headers, timeout: 10000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('timeout', function () { this.destroy(new Error('no answer')); }).on('error', reject).end();
  });
}

function isGone(pid) {
  try {
    return pid === 0 || !process.kill(pid, 0);
  } catch {
    return true;
  }
}

function giveUp(reason) {
  console.error(reason);
  process.exit(1);
}

(async () => {
  let last = 'no answer';
  while (Date.now() < end) {
    if (isGone(server)) giveUp('the blob server ended');
    try {
      const status = await makeContainer();
      if (status === 201 || status === 409) return; // made, or there already
      last = `HTTP status ${status}`;
    } catch (e) {
      last = e.message;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  giveUp(`the blob server did not answer in time: ${last}`);
})();
