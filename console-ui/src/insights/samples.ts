// Queries to begin with, as AWS's console offers them.

/** The samples, by the name of their words. */
export const SAMPLES = {
  common: {
    recent: "fields @timestamp, @message, @logStream, @log\n| sort @timestamp desc\n| limit 100",
    errors: "fields @timestamp, @message, @logStream\n| filter @message like /(?i)error|exception/\n| sort @timestamp desc\n| limit 100",
    errorRate: "filter @message like /(?i)error|exception/\n| stats count(*) as errorCount by bin(5m)\n| sort errorCount desc",
    notErrors: "fields @timestamp, @message\n| filter @message not like /(?i)error|exception/\n| limit 100",
    perStream: "stats count(*) as eventCount by @logStream\n| sort eventCount desc",
  },
  lambda: {
    latency: 'filter @type = "REPORT"\n| stats avg(@duration), max(@duration), min(@duration) by bin(5m)',
    percentiles: 'filter @type = "REPORT"\n| stats pct(@duration, 50) as p50, pct(@duration, 95) as p95, pct(@duration, 99) as p99 by bin(5m)',
    expensive: 'filter @type = "REPORT"\n| fields @requestId, @billedDuration\n| sort @billedDuration desc\n| limit 20',
    memory:
      'filter @type = "REPORT"\n| stats max(@memorySize / 1000 / 1000) as provisionedMemoryMB,\n    min(@maxMemoryUsed / 1000 / 1000) as smallestMemoryRequestMB,\n    avg(@maxMemoryUsed / 1000 / 1000) as avgMemoryUsedMB,\n    max(@maxMemoryUsed / 1000 / 1000) as maxMemoryUsedMB,\n    provisionedMemoryMB - maxMemoryUsedMB as overProvisionedMB',
    cold: 'filter @type = "REPORT"\n| stats count(@initDuration) as coldStarts, count(*) as invocations, avg(@initDuration), max(@initDuration) by bin(5m)',
  },
} as const;

/** The query that the page begins with. */
export const FIRST_QUERY = SAMPLES.common.recent;
