/**
 * The order of the folders inside the rooms. A configuration of its own, without specs: they import what supports tests, which
 * imports the sandbox, which imports the service, and a rule over folders cannot tell which file of a folder imports what.
 */
const { options } = require('./.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'no-circles-of-folders',
      comment: 'Types count too: what two folders know of each other belongs into a third.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/' },
      to: { circular: true },
    },
  ],
  options: { ...options, exclude: { path: ['^(dist|build)/', '\\.spec\\.ts$'] } },
};
