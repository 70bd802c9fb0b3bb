-- Sends DEPTH requests at a time on each connection; the depth is the first argument after "--".
init = function(args)
  local depth = tonumber(args[1])
  local requests = {}
  for i = 1, depth do
    requests[i] = wrk.format()
  end
  batch = table.concat(requests)
end

request = function()
  return batch
end
