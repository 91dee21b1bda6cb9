"use strict";
// Without this script every page works; with it, they count characters, ask before deleting, and say when there is news.

for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const told = document.querySelector(`[data-count="${area.id}"]`);
  const hint = told.textContent;
  const limit = Number(area.dataset.limit);
  const count = () => {
    const text = limit === 500 ? area.value.replace(/https?:\/\/\S+/g, "x".repeat(23)) : area.value;
    const left = limit - [...text].length;
    told.textContent = area.value === "" ? hint : `${hint} · ${left} left`;
    told.classList.toggle("over", left < 0);
  };
  area.addEventListener("input", count);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
  });
}

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.ask)) event.preventDefault();
  });
}

const ages = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const age = (seconds) => {
  if (seconds < 60) return "now";
  if (seconds < 3600) return ages.format(-Math.round(seconds / 60), "minute");
  if (seconds < 86400) return ages.format(-Math.round(seconds / 3600), "hour");
  return ages.format(-Math.round(seconds / 86400), "day");
};

const tellAges = () => {
  for (const time of document.querySelectorAll("time")) {
    time.title = time.dateTime;
    time.textContent = age((Date.now() - Date.parse(time.dateTime)) / 1000);
  }
};
if (document.querySelector("time") !== null) {
  tellAges();
  setInterval(tellAges, 30000);
}

// Something newer: offer it, or show it at once where people talk, unless somebody is writing.
const fresh = document.getElementById("fresh");
if (fresh !== null) {
  const news = new EventSource(fresh.dataset.news);
  const writing = () => [...document.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
  let first = null;
  news.onmessage = (event) => {
    first ??= event.data;
    if (event.data === first) return;
    if ("atOnce" in fresh.dataset && !writing()) window.location.replace(fresh.href);
    else fresh.hidden = false;
  };
  window.addEventListener("pagehide", () => news.close());
}

// In a conversation the newest is at the bottom, and an answer should be seen when it comes.
const talk = document.querySelector(".talk");
if (talk !== null) talk.lastElementChild?.scrollIntoView({ block: "nearest" });
