import './node-version.js';

// Node reads the TypeScript of these files itself: ports are checked before anything is built.
const { checkBeforeStart } = await import('../sandbox/before-start.ts');
try {
  await checkBeforeStart(process.argv.slice(2), process.env);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
process.stdout.write('Building (the first time takes half a minute) …\n');
await import('./build.js');
await import('../build/sandbox/start.js');
