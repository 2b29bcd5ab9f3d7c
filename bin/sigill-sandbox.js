#!/usr/bin/env node
// The sandbox from what is built already, in a checkout or in the package `sigill-sandbox`: `sigill-sandbox [options]`.
import './node-version.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'proof') {
  process.argv = [process.argv[0], process.argv[1], ...rest];
  await import('../build/sandbox/proof.js');
} else await start();

async function start() {
  const { variables } = await import('../build/src/config/settings.js');
  // This program is the sandbox alone: settings of a service that is configured on this machine are not meant for it.
  for (const name of Object.keys(process.env)) {
    if (variables.has(name) || name.startsWith('BANKID_')) delete process.env[name];
  }
  const { checkBeforeStart } = await import('../build/sandbox/before-start.js');
  try {
    await checkBeforeStart(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  await import('../build/sandbox/start.js');
}
