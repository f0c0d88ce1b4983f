// English: why sandboxes are started, and how they come to be.
export const starts = {
  reasons: {
    first: "First call",
    "scale-out": "Scale-out",
    expired: "Idle too long",
    evicted: "Memory was needed",
    "code-changed": "Code changed",
    "configuration-changed": "Configuration changed",
    retired: "Sandbox was retired",
    crashed: "Sandbox had crashed",
  },
  paths: { "pool-hit": "pool hit", "pool-miss": "pool miss", snapshot: "snapshot" },
  both: (reason: string, path: string) => `${reason} · ${path}`,
};
