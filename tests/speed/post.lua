-- Posts the event that every peer is asked with, and prints what happened as one line of JSON, times in microseconds.
-- Arguments: COUNT, if the path holds a %d that shall run through 0 … COUNT - 1, each function being asked in turn.

wrk.method = "POST"
wrk.body = '{"key1":"value1"}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] =
  "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0"

function init(arguments)
  local count = tonumber(arguments[1])
  if not count then
    return -- one path: wrk sends the same bytes again and again
  end
  local pattern = wrk.path
  local sent = 0
  function request()
    sent = sent + 1
    return wrk.format(nil, (pattern:gsub("%%d", sent % count)))
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "p50_us": %f, "p99_us": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
