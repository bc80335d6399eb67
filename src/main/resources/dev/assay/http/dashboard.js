"use strict";

const EVERY_MS = 2000;
const MOST_SAMPLES = 150;
const STORED_KEY = "assay.key";

const byId = id => document.getElementById(id);
const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const samples = { at: [], rate: [], answer: [], check: [] };
const charts = {};
let before = null;

function number(value, digits = 0) {
  return value === null || value === undefined ? "–"
    : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function usd(value) {
  return value === null || value === undefined ? "–" : "$" + number(value, value > 0 && value < 1 ? 4 : 2);
}

function percent(value) {
  return value === null || value === undefined ? "–" : number(100 * value) + " %";
}

function cell(tag, content, className) {
  const made = document.createElement(tag);
  made.append(content);
  if (className) made.className = className;
  return made;
}

function rows(table, list) {
  byId(table).tBodies[0].replaceChildren(...list.map(cells => {
    const row = document.createElement("tr");
    const [name, ...others] = cells;
    const head = cell("th", name);
    head.scope = "row";
    row.append(head, ...others.map(one => one instanceof Element ? one : cell("td", one)));
    return row;
  }));
}

function figures(list) {
  byId("figures").replaceChildren(...list.map(([name, value]) => {
    const pair = document.createElement("div");
    pair.append(cell("dt", name), cell("dd", value));
    return pair;
  }));
}

function health(text, className) {
  byId("health").textContent = text;
  byId("health").className = className;
}

const SERVING = { serving: ["yes", "good"], failing: ["failing, tried now and then", "fair"], out_of_service: ["out of service", "bad"] };

function modelCells(model) {
  const [serving, className] = SERVING[model.breaker] || [model.breaker, ""];
  return [
    model.name, cell("td", serving, className), number(model.in_flight) + " / " + number(model.in_flight_limit),
    number(model.waiting), number(model.calls), cell("td", number(model.errors), model.errors > 0 ? "fair" : ""),
    model.latency_ms === null ? "–" : number(model.latency_ms) + " ms", number(model.grade, 1), percent(model.pass_share),
    usd(model.cost_usd),
  ];
}

function progress(job) {
  const done = job.graded + job.flagged + job.failed;
  const shown = document.createElement("td");
  if (job.total === null) {
    shown.append(number(done));
    return shown;
  }
  const bar = document.createElement("progress");
  bar.max = Math.max(1, job.total);
  bar.value = done;
  bar.setAttribute("aria-label", "lines done");
  shown.append(bar, number(done) + " / " + number(job.total));
  return shown;
}

function chart(id, options, data) {
  if (!charts[id]) {
    const axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
    charts[id] = new uPlot({
      width: byId(id).clientWidth, height: byId(id).clientHeight, cursor: { show: false }, legend: { show: false },
      axes: [axis, { ...axis, size: 56 }], ...options(axis),
    }, data, byId(id));
  } else {
    charts[id].setData(data);
  }
}

const fromZero = { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] };

function draw(now) {
  chart("rate", () => ({
    scales: { y: fromZero }, series: [{}, { stroke: color("--blue"), width: 2 }],
  }), [samples.at, samples.rate]);
  chart("spend", () => ({
    scales: { y: fromZero },
    series: [{}, { stroke: color("--blue"), width: 2 }, { stroke: color("--fair"), width: 2, dash: [6, 4] }],
  }), [samples.at, samples.answer, samples.check]);
  chart("grades", axis => ({
    scales: { x: { time: false, range: [-0.6, 10.6] }, y: fromZero },
    axes: [{ ...axis, splits: () => [0, 2, 4, 6, 8, 10] }, { ...axis, size: 56 }],
    series: [{}, { stroke: color("--blue"), fill: color("--blue"), paths: uPlot.paths.bars({ size: [0.7] }), points: { show: false } }],
  }), [now.grades.map((_, grade) => grade), now.grades]);
}

function sample(now) {
  const ended = now.prompts.graded + now.prompts.flagged + now.prompts.failed;
  const seconds = before ? (now.at_ms - before.now.at_ms) / 1000 : 0;
  if (seconds > 0 && ended >= before.ended) {
    samples.at.push(now.at_ms / 1000);
    samples.rate.push((ended - before.ended) / seconds);
    samples.answer.push(60 * (now.cost_usd.answer - before.now.cost_usd.answer) / seconds);
    samples.check.push(60 * (now.cost_usd.check - before.now.cost_usd.check) / seconds);
    Object.values(samples).forEach(list => list.length > MOST_SAMPLES && list.shift());
  }
  before = { now, ended };
}

function show(now) {
  sample(now);
  byId("login").hidden = true;
  byId("board").hidden = false;
  health(now.ready ? "ready" : "not ready", now.ready ? "good" : "bad");
  byId("reasons").replaceChildren(...now.reasons.map(reason => cell("li", reason)));
  const last = list => list.length ? list[list.length - 1] : null;
  const perMinute = last(samples.answer) === null ? null : last(samples.answer) + last(samples.check);
  figures([
    ["Prompts / s", number(last(samples.rate), 1)],
    ["Graded", number(now.prompts.graded)],
    ["Flagged", number(now.prompts.flagged)],
    ["Failed", number(now.prompts.failed)],
    ["Calls waiting", number(now.models.reduce((sum, model) => sum + model.waiting, 0))],
    ["Spent on answers", usd(now.cost_usd.answer)],
    ["Spent on checks", usd(now.cost_usd.check)],
    ["Spend / min", usd(perMinute)],
  ]);
  rows("models", now.models.map(modelCells));
  byId("nojobs").hidden = now.jobs.length > 0;
  byId("jobs").hidden = now.jobs.length === 0;
  rows("jobs", now.jobs.map(job => [
    job.name || job.id, job.state.replaceAll("_", " "), progress(job), number(job.graded), number(job.flagged), number(job.failed),
    number(job.in_flight), usd(job.cost_usd.total),
  ]));
  draw(now);
}

function askKey(refused) {
  byId("board").hidden = true;
  byId("login").hidden = false;
  byId("refused").textContent = refused ? "this key is not known" : "";
  health("needs a key", "fair");
}

async function look() {
  const key = sessionStorage.getItem(STORED_KEY);
  try {
    const answer = await fetch("/api/overview", { cache: "no-store", headers: key ? { Authorization: "Bearer " + key } : {} });
    if (answer.status === 401) {
      sessionStorage.removeItem(STORED_KEY);
      askKey(key !== null);
      return;
    }
    if (!answer.ok) throw new Error("it answers " + answer.status);
    show(await answer.json());
  } catch (problem) {
    health("no answer from this instance: " + problem.message, "bad");
  }
  setTimeout(look, EVERY_MS);
}

byId("login").addEventListener("submit", event => {
  event.preventDefault();
  sessionStorage.setItem(STORED_KEY, byId("key").value);
  byId("key").value = "";
  look();
});

function redraw() {
  Object.keys(charts).forEach(id => {
    charts[id].destroy();
    delete charts[id];
  });
  if (before) draw(before.now);
}

window.addEventListener("resize", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
look();
