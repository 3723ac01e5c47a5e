// Series for charts, made of one reading of the metrics after the other.

import { strings } from "../strings.js";

const words = strings.operator.charts;
const prefix = "msnp_gateway_";

const direction = wanted => labels => labels.direction === wanted;
/** Routes whose answers wait for something to happen: their durations say nothing of how quick the gateway is. */
const waits = /events|stream|trace|\/v1\/sessions$/;

/**
 * What an operator looks for, in order: its name among the words, the family, how that is read (`level` as it is,
 * `rate` by the second, `mean` as a histogram's average in milliseconds), and which of its samples count.
 */
const charts = [
  ["sessions", "sessions", "level", labels => labels.state !== "ended"],
  ["requests", "http_requests_total", "rate"],
  ["latency", "http_request_duration_seconds", "mean", labels => !waits.test(labels.route ?? "")],
  ["polls", "parked_polls", "level"],
  ["streams", "streams", "level"],
  ["commandsIn", "msnp_commands_total", "rate", direction("in")],
  ["commandsOut", "msnp_commands_total", "rate", direction("out")],
  ["bytesIn", "msnp_bytes_total", "rate", direction("in")],
  ["bytesOut", "msnp_bytes_total", "rate", direction("out")],
  ["errors", "msnp_errors_total", "rate"],
  ["reconnects", "reconnects_total", "rate"],
  ["journal", "journal_bytes", "level"]
];

const always = () => true;

function sum(family, name, isWanted) {
  return family.samples.reduce((total, { name: own, labels, value }) =>
    (own === name && Number.isFinite(value) && isWanted(labels) ? total + value : total), 0);
}

/** What is counted of a chart at one moment: a level, or what has gone up to then. */
function reading(family, kind, isWanted) {
  const { name } = family;
  if (kind !== "mean") return { value: sum(family, name, isWanted) };
  return { value: sum(family, `${name}_sum`, isWanted), count: sum(family, `${name}_count`, isWanted) };
}

function rounded(value) {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString(undefined, { maximumFractionDigits: digits });
}

export class Rates {
  #most;
  #series = new Map();
  #before = null;

  /** `most`: values that each series keeps. */
  constructor(most) { this.#most = most; }

  /** Takes in a reading at `time` (seconds); gives `{name, help, unit, values, now}` of each chart. */
  add(families, time) {
    const readings = new Map();
    const passed = this.#before ? time - this.#before.time : 0;
    for (const [key, part, kind, isWanted = always] of charts) {
      const family = families.get(prefix + part);
      if (!family) continue;
      const now = reading(family, kind, isWanted);
      readings.set(key, now);
      const value = this.#value(kind, now, this.#before?.readings.get(key), passed);
      if (value === null) continue;
      const values = [...this.#series.get(key)?.values ?? [], value].slice(-this.#most);
      const unit = kind === "rate" ? words.perSecond : kind === "mean" ? words.milliseconds : "";
      this.#series.set(key, { name: words[key], help: family.help, unit, values, now: rounded(value) });
    }
    this.#before = { time, readings };
    return charts.map(([key]) => this.#series.get(key)).filter(Boolean);
  }

  /** Null where it takes another reading. A counter that went down belongs to a gateway that was started anew. */
  #value(kind, now, before, passed) {
    if (kind === "level") return now.value;
    if (!before || passed <= 0) return null;
    const gone = Math.max(0, now.value - before.value);
    if (kind === "rate") return gone / passed;
    const times = now.count - before.count;
    return times > 0 ? gone / times * 1000 : 0;
  }
}
