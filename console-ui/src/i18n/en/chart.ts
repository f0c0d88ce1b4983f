// English: charts of metrics, and the time that they show.
export const chart = {
  role: "Chart",
  keys: "Arrow keys move through time, Home and End jump, Escape leaves.",
  noData: "No data in this time range",
  loading: "Loading metrics",
  failed: "The metrics could not be read",
  legend: "Series",
  hide: (label: string) => `Hide ${label}`,
  show: (label: string) => `Show ${label}`,
  more: (count: number) => `${count} more`,
  numbers: (title: string) => `${title}: show numbers`,
  graph: (title: string) => `${title}: show graph`,
  open: (title: string) => `${title}: open in Metrics`,
  time: "Time",
  noValue: "no data",
  range: {
    label: "Time range",
    placeholder: "Choose a time range",
    backwards: "The end must be after the start.",
    tooLong: "CloudWatch keeps data for 15 months; choose a shorter time.",
    future: "There is no data of the future: choose an earlier start.",
    incomplete: "Give a start and an end.",
    none: "Choose a time range.",
  },
  refresh: {
    label: "Automatic refresh",
    now: "Refresh",
    options: { 0: "Off", 10: "10 seconds", 60: "1 minute", 300: "5 minutes" },
    short: { 0: "", 10: "10 s", 60: "1 min", 300: "5 min" },
  },
  period: (seconds: number) =>
    seconds < 60
      ? `${seconds} s`
      : seconds < 3_600
        ? `${seconds / 60} min`
        : seconds < 86_400
          ? `${seconds / 3_600} h`
          : `${seconds / 86_400} d`,
};
