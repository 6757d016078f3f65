// Speaks TLS for a server that does not: node tls_front.js CERTIFICATE KEY PORT-OF-THE-SERVER PORT-FILE
// Listens on a free port of this machine and writes it to PORT-FILE.
const { readFileSync, writeFileSync } = require("node:fs");
const net = require("node:net");
const tls = require("node:tls");

const [cert, key, port, portFile] = process.argv.slice(2);

const front = tls.createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (client) => {
  const server = net.connect(Number(port), "127.0.0.1");
  for (const [from, to] of [[client, server], [server, client]]) {
    from.on("error", () => to.destroy());
    from.pipe(to);
  }
});
front.on("tlsClientError", () => {}); // a client that does not trust us goes away
front.listen(0, "127.0.0.1", () => writeFileSync(portFile, `${front.address().port}\n`));
