// Node's own http module with a map of routes: the behaviour that Hello.java describes.
'use strict';
const http = require('node:http');

const [port, routeCount] = process.argv.slice(2).map(Number);
const body = 'Hello, World!';
const headers = { 'Content-Type': 'text/plain', 'Content-Length': body.length };
let requests = 0;

function hook() {
  requests++;
}

function plaintext(request, response) {
  response.writeHead(200, headers);
  response.end(body);
}

const middle = Math.floor(routeCount / 2);
const routes = new Map();
for (let i = 0; i < routeCount; i++) {
  routes.set(i === middle ? '/plaintext' : `/route${i}`, plaintext);
}

const server = http.createServer((request, response) => {
  hook(request);
  const route = request.method === 'GET' ? routes.get(request.url) : undefined;
  if (route) {
    route(request, response);
  } else {
    response.writeHead(404, { 'Content-Length': 0 });
    response.end();
  }
});
server.keepAliveTimeout = 60_000;
server.listen({ port, host: '127.0.0.1', backlog: 4096 });
