// Forms made of schemas: rows, tabs, the choice between a value, the default and none; sent so that nothing typed is lost.

const form = document.querySelector("form[data-schema]");

function setMode(field, mode) {
  const select = field.querySelector(":scope > .label select, :scope > legend select");
  if (select && [...select.options].some((option) => option.value === mode)) {
    select.value = mode;
  }
  showMode(field);
}

function showMode(field) {
  const select = field.querySelector(":scope > .label select, :scope > legend select");
  field.classList.toggle("unset", Boolean(select) && select.value !== "value");
}

function showTabs(field) {
  const checked = field.querySelector(":scope > .body > .tabs input:checked");
  for (const panel of field.querySelectorAll(":scope > .body > .panel")) {
    panel.hidden = panel.dataset.panel !== checked?.value;
  }
}

function prepare(root) {
  for (const field of root.querySelectorAll("[data-field]")) {
    showMode(field);
    showTabs(field);
  }
}

// what is typed is wanted: it and what it is in have a value
function wants(element) {
  for (let field = element.closest("[data-field]"); field; field = field.parentElement.closest("[data-field]")) {
    setMode(field, "value");
  }
}

if (form) {
  prepare(form);
  form.addEventListener("input", (event) => {
    const field = event.target.closest("[data-field]");
    if (event.target.matches("[data-mode]")) {
      showMode(field);
    } else if (field) {
      showTabs(field);
      wants(event.target);
    }
    check(event.target);
  });
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    const remove = event.target.closest("[data-remove]");
    if (add) {
      const template = add.parentElement.querySelector(":scope > template");
      const rows = add.parentElement.querySelector(":scope > .rows");
      const index = `n${Date.now().toString(36)}${rows.children.length}`;
      rows.insertAdjacentHTML("beforeend", template.innerHTML.replaceAll(template.dataset.index, index));
      prepare(rows.lastElementChild);
      wants(add);
      rows.lastElementChild.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    } else if (remove) {
      wants(remove);
      const rows = remove.closest(".rows");
      remove.closest(".row").remove();
      rows.parentElement.querySelector(":scope > [data-add]").focus();
    }
  });
  // the errors are taken from the answer, and everything else stays as it was typed
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    button.disabled = true;
    try {
      const body = new URLSearchParams(new FormData(form));
      if (button.name) {
        body.append(button.name, button.value);
      }
      const answer = await fetch(form.action, { method: "POST", body, headers: { "Sheave-Form": "1" } });
      if (answer.status === 204) {
        location.assign(answer.headers.get("Sheave-Location"));
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      showErrors(page);
    } catch {
      showSummary("The server doesn't answer. Nothing is lost: send the form again when it is back.");
    }
    button.disabled = false;
  });
}

function showErrors(page) {
  for (const place of document.querySelectorAll("[data-errors]")) {
    const fresh = page.querySelector(`[data-errors="${CSS.escape(place.dataset.errors)}"]`);
    place.replaceChildren(...(fresh ? fresh.childNodes : []));
    const input = document.getElementById(place.dataset.errors);
    if (place.childElementCount) {
      input?.setAttribute("aria-invalid", "true");
    } else {
      input?.removeAttribute("aria-invalid");
    }
  }
  const summary = page.getElementById("summary");
  const sentence = summary ? summary.textContent.trim() : page.querySelector("main h1 + p, main .empty p")?.textContent;
  showSummary(sentence || "The server refused the form.");
}

function showSummary(text) {
  const summary = document.getElementById("summary");
  summary.hidden = false;
  summary.textContent = text;
  summary.focus();
}

// a name is checked as it is typed
function check(input) {
  if (!input.dataset.pattern) {
    return;
  }
  const isWrong = input.value !== "" && !new RegExp(input.dataset.pattern, "u").test(input.value);
  const place = document.querySelector(`[data-errors="${CSS.escape(input.id)}"]`);
  place.replaceChildren();
  if (isWrong) {
    const sentence = document.createElement("p");
    sentence.className = "error";
    sentence.textContent = input.dataset.wrong;
    place.append(sentence);
    input.setAttribute("aria-invalid", "true");
  } else {
    input.removeAttribute("aria-invalid");
  }
}

// times are typed in the reader's zone
const zone = document.querySelector("[data-zone]");
if (zone) {
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.querySelector("[data-zone-name]").textContent = zone.value;
}
