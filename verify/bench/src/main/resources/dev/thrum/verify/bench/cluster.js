// hello.js in several processes that share the port: Node's own cluster module.
'use strict';
const cluster = require('node:cluster');

if (cluster.isPrimary) {
  for (let i = Number(process.argv[4]); i > 0; i--) {
    cluster.fork();
  }
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) {
      worker.process.kill();
    }
    process.exit();
  });
} else {
  require('./hello.js');
}
