-- For wrk: asks for the paths in a file (one a line), one after the other, round and round, and ends with a line that a
-- script can read:   wrk -s bench/walk.lua http://HOST:PORT -- FILE

local requests, turn = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

-- requests per second, median and 99th percentile in milliseconds, failed requests
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %.1f %.3f %.3f %d\n",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.timeout + e.status))
end
