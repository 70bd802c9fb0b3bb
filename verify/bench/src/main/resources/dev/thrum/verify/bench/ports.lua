-- Spreads the threads over the ports from that of the URL on, as far as anybody listens there.
local count = 0

function setup(thread)
  local addrs = wrk.lookup(wrk.host, wrk.port + count)
  count = count + 1
  if count == 1 or not wrk.connect(addrs[1]) then
    addrs = wrk.lookup(wrk.host, wrk.port)
  end
  thread.addr = addrs[1]
end
