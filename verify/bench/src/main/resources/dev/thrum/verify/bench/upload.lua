-- Sends ten mebibytes with each request.
wrk.method = "POST"
wrk.body = string.rep("x", 10 * 1024 * 1024)
