import './node-version.js';

// Node reads the TypeScript of these files itself: they run before anything is built.
const { checkBeforeStart } = await import('../sandbox/before-start.ts');
const { develop } = await import('../sandbox/develop.ts');
const args = process.argv.slice(2);
try {
  await checkBeforeStart(args, process.env);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
develop(args);
