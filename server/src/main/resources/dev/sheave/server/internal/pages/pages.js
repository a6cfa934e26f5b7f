// What all pages need: times in the reader's zone, the choice of colours, copy buttons, lists that stay current.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const near = new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

export function showTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([data-shown])")) {
    const date = new Date(time.dateTime);
    time.dataset.shown = "";
    time.title = `${exact.format(date)} (${time.dateTime})`;
    time.textContent = near.format(date);
  }
}

// commands say where this server is
const base = document.getElementById("theme").dataset.base;
function showServer(root) {
  for (const command of root.querySelectorAll(".code pre")) {
    command.textContent = command.textContent.replaceAll("$SHEAVE_API_URL", `${location.origin}${base}/api`);
  }
}

function complete(root) {
  showTimes(root);
  showServer(root);
}

complete(document);
const shown = document.getElementById("zone");
if (shown) {
  shown.textContent = zone;
}
document.addEventListener("htmx:afterSwap", () => complete(document));

// on a phone the navigation is a strip
document.querySelector(".bar [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// light, dark, as the system has it
const themes = ["system", "light", "dark"];
document.getElementById("theme")?.addEventListener("click", (event) => {
  const root = document.documentElement;
  const next = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
  root.dataset.theme = next;
  document.cookie = `sheave-theme=${next}; Path=${base}/; Max-Age=31536000; SameSite=Strict`;
  event.currentTarget.querySelector("span").textContent = `Colours: ${next}`;
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    const text = document.getElementById(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.querySelector("span").textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      button.querySelector("span").textContent = "Selected";
    }
    setTimeout(() => { button.querySelector("span").textContent = "Copy"; }, 2000);
  }
});

// asks before what can't be undone
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !confirm(question)) {
    event.preventDefault();
  } else if (event.submitter?.dataset.busy) {
    event.submitter.textContent = event.submitter.dataset.busy;
  }
});

// a list that stays current, as long as nobody reads further down in it or uses it
const current = document.querySelector("[data-refresh]");
if (current) {
  let failures = 0;
  let isAsking = false;
  const live = document.getElementById("live");
  setInterval(async () => {
    const list = document.querySelector("[data-refresh]");
    if (isAsking || document.hidden || scrollY > 80 || list.contains(document.activeElement) || parseFloat(list.querySelector(".brush")?.getAttribute("width")) > 0 || !getSelection().isCollapsed) {
      return;
    }
    isAsking = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) {
        throw new Error(answer.status);
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
      complete(fresh);
      if (fresh.innerHTML !== list.innerHTML) {
        list.replaceWith(fresh);
      }
      failures = 0;
    } catch {
      failures += 1;
    }
    isAsking = false;
    if (live) {
      live.dataset.live = failures ? "lost" : "on";
      live.textContent = failures ? "Not live: the server doesn't answer" : "Live";
    }
  }, Number(current.dataset.refresh));
}
