// Builds the checkout and runs one benchmark of bench/: `node bin/bench.js NAME [arguments]`.
import './node-version.js';
import './build.js';

const [name, ...rest] = process.argv.slice(2);
// npm takes away the `--` before a script's arguments; without npm it is still there.
process.argv = [process.argv[0], process.argv[1], ...(rest[0] === '--' ? rest.slice(1) : rest)];
await import(`../build/bench/${name}.js`);
