// Packs the sandbox for use outside the checkout: `node bin/sandbox-package.js FOLDER` leaves `sigill-sandbox-VERSION.tgz` there.
import './node-version.js';
import './build.js';

const { packSandbox } = await import('../build/sandbox/package/pack.js');
process.stdout.write(`${packSandbox(process.argv[2] ?? '.')}\n`);
