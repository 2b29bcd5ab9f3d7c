// Plain JavaScript that any Node can read: refuses an old runtime before anything else is imported.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `Sigill needs Node 24 or newer; this is ${process.version}. Run it through npm (npm start, npm test, npm run -s sigill), which brings the right one, or install Node 24.\n`,
  );
  process.exit(70);
}
