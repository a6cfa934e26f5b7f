// A run's log, as it is written: each line once, by its id, after those that the page came with.
import { showTimes } from "./pages.js";

const MOST = 1000;
const log = document.getElementById("log");
const lines = log.querySelector("ol");
const live = document.getElementById("live");
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false });

function say(state, text) {
  live.dataset.live = state;
  live.textContent = text;
}

function showClock(element) {
  const date = new Date(element.dateTime);
  element.title = `${date} (${element.dateTime})`;
  element.dataset.shown = "";
  element.textContent = time.format(date);
}

function isWanted(line) {
  const text = document.getElementById("log-search").value.toLowerCase();
  const level = document.getElementById("log-level").value;
  const levels = ["", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
  return (!level || levels.indexOf(line.className) >= levels.indexOf(level)) && line.textContent.toLowerCase().includes(text);
}

function add(entry) {
  const id = `line-${entry.id}`;
  if (document.getElementById(id)) {
    return;
  }
  const line = document.createElement("li");
  line.id = id;
  line.className = entry.level;
  const link = document.createElement("a");
  link.href = `?line=${entry.id}#${id}`;
  const clock = document.createElement("time");
  clock.dateTime = entry.time;
  showClock(clock);
  link.append(clock);
  const level = document.createElement("span");
  level.className = "level";
  level.textContent = entry.level;
  const message = document.createElement("span");
  message.className = "message";
  message.textContent = entry.message;
  line.append(link, level, message);
  line.hidden = !isWanted(line);
  const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  lines.append(line);
  document.getElementById("no-lines")?.remove();
  while (lines.children.length > MOST) {
    lines.firstElementChild.remove();
  }
  if (follows) {
    log.scrollTop = log.scrollHeight;
  }
}

log.querySelectorAll("time").forEach(showClock);
if (!location.hash) {
  log.scrollTop = log.scrollHeight;
}
for (const id of ["log-search", "log-level"]) {
  document.getElementById(id).addEventListener("input", () => {
    for (const line of lines.children) {
      line.hidden = !isWanted(line);
    }
  });
}
// a line's address is one that shows it to others too; here it is in the page already
if (log.dataset.found === undefined) {
  lines.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) {
      event.preventDefault();
      location.hash = link.hash;
      history.replaceState(null, "", link.href);
    }
  });
}
document.getElementById("log-wrap").addEventListener("change", (event) => log.classList.toggle("nowrap", !event.target.checked));

if (log.dataset.stream) {
  const last = lines.lastElementChild?.id.substring("line-".length);
  const source = new EventSource(last ? `${log.dataset.stream}?after=${last}` : log.dataset.stream);
  let isOver = false;
  say("on", "Live");
  source.onopen = () => say("on", "Live");
  source.onmessage = (event) => add(JSON.parse(event.data));
  source.addEventListener("state", refresh);
  source.addEventListener("end", () => {
    isOver = true;
    source.close();
    say("off", "Ended");
    refresh();
  });
  source.onerror = async () => {
    if (isOver) {
      return;
    }
    say("lost", "Not live: the connection is lost, and is tried again");
    const answer = await fetch(location.pathname).catch(() => null);
    if (answer?.status === 404) {
      isOver = true;
      source.close();
      say("off", "This run was deleted");
      document.querySelectorAll("main form[method=post], main a.danger").forEach((action) => action.remove());
    }
  };
}

// what the page says of the run beside its log: one request at a time, so that no older answer comes after a newer one
let isAsking = false;
let isOutdated = false;

async function refresh() {
  isOutdated = true;
  if (isAsking) {
    return;
  }
  isAsking = true;
  while (isOutdated) {
    isOutdated = false;
    try {
      await show();
    } catch {
      isOutdated = true;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
  isAsking = false;
}

async function show() {
  const answer = await fetch(location.pathname);
  if (answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (fresh && fresh.innerHTML !== part.innerHTML) {
        showTimes(fresh);
        part.replaceWith(fresh);
      }
    }
  }
}
