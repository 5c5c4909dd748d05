/**
 * The one-way house. A room of src imports only from the rooms above it in this list, and from itself; type-only
 * imports count. `npm run boundaries` reads it.
 */
const rooms = [
  { name: 'errors-and-json', files: '^src/(errors|json)\\.ts$' },
  { name: 'definition', files: '^src/definition/' },
  { name: 'wandb', files: '^src/wandb/' },
  { name: 'ports', files: '^src/ports/' },
  { name: 'event', files: '^src/event/' },
  { name: 'rule', files: '^src/rule/' },
  { name: 'window', files: '^src/window/' },
  { name: 'match', files: '^src/match/' },
  { name: 'record', files: '^src/record/' },
  { name: 'notify', files: '^src/notify/' },
  { name: 'firing', files: '^src/firing/' },
  { name: 'checkpoint', files: '^src/checkpoint/' },
  { name: 'manage', files: '^src/manage/' },
  {
    name: 'engine',
    files:
      '^src/(run|run-config|run-faults|run-metrics|run-refusals|log-line|runtime|announcer|keep-alive|calls-under-way|life-cycle|engine-options|engine-stats|eviction-warning|check-options|engine|create-engine|create-firing)\\.ts$',
  },
  { name: 'index', files: '^src/index\\.ts$' },
];

const oneWay = rooms.map(({ name, files }, position) => ({
  name: `one-way-${name}`,
  comment: `src: ${name} imports only from itself and from the rooms before it`,
  severity: 'error',
  from: { path: files },
  to: { path: '^src/', pathNot: rooms.slice(0, position + 1).map((room) => room.files) },
}));

/** What every adapter and helper of the house may build on. */
const surface = '^src/(index\\.ts$|ports/)';
const packages = 'node_modules/';

export default {
  forbidden: [
    ...oneWay,
    {
      name: 'every-file-has-a-room',
      comment: 'a new room of src is named in .dependency-cruiser.mjs, at its place in the order',
      severity: 'error',
      from: { path: '^src/', pathNot: rooms.map(({ files }) => files) },
      to: {},
    },
    {
      name: 'src-stands-alone',
      comment: 'src imports nothing of the rest of the repository',
      severity: 'error',
      from: { path: '^src/' },
      to: { pathNot: ['^src/', packages], dependencyTypesNot: ['core'] },
    },
    {
      name: 'src-without-node',
      comment: 'src runs on every host: no Node built-ins',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-import-of-json-rules-engine',
      comment: 'json-rules-engine is imported by src/rule/verdict.ts alone',
      severity: 'error',
      from: { path: '^(src|adapters|testing)/', pathNot: '^src/rule/verdict\\.ts$' },
      to: { path: 'node_modules/json-rules-engine/' },
    },
    {
      name: 'one-import-of-eventemitter3',
      comment: 'eventemitter3 is imported by src/announcer.ts alone',
      severity: 'error',
      from: { path: '^(src|adapters|testing)/', pathNot: '^src/announcer\\.ts$' },
      to: { path: 'node_modules/eventemitter3/' },
    },
    {
      name: 'adapter-in-a-folder',
      comment: "an adapter imports the public surface, the ports, its own folder and its kind's shared folder",
      severity: 'error',
      from: { path: '^adapters/([^/]+)/([^/]+)/' },
      to: {
        pathNot: [surface, packages, '^adapters/$1/$2/', '^adapters/$1/slack-message/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'adapter-in-a-file',
      comment: 'an adapter imports the public surface, the ports and its own folder',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/[^/]+$' },
      to: { pathNot: [surface, packages, '^adapters/$1/[^/]+$'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'testing-on-the-surface',
      comment: 'testing imports the public surface, the ports, itself and Node: it is published without more packages',
      severity: 'error',
      from: { path: '^testing/' },
      to: { pathNot: [surface, '^testing/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'published-dependencies-only',
      comment: 'what is published imports no development dependency and nothing that package.json does not list',
      severity: 'error',
      from: { path: '^(src|adapters|testing)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-peer'] },
    },
    {
      name: 'nothing-imports-tests-or-examples',
      comment: 'only tests import tests and examples; only examples import examples',
      severity: 'error',
      from: { path: '^(src|adapters|testing|bench)/' },
      to: { path: '^(test|examples)/' },
    },
    {
      name: 'no-cycles',
      comment: 'no module reaches itself, through type-only imports neither',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'every import leads somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type-only imports are gone after compilation, and they are ways too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
