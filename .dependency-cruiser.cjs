/**
 * What each area may import, and where the thing belongs that wants to import more. The README of each area says the same in a sentence.
 * An area that is imported for its types alone stands under `types`.
 * @type {{ area: string, may?: string[], types?: string[], otherwise: string }[]}
 */
const areas = [
  // Pure: no I/O, no framework, nothing of ours but the shape of a deadline.
  {
    area: 'libs/claims',
    types: ['libs/calendar'],
    otherwise:
      'Rules are pure. What a rule needs from outside is loaded in libs/inbox and passed in as DecisionContext; deadlines come from libs/calendar through it.',
  },
  {
    area: 'libs/calendar',
    otherwise: 'Deadlines depend on a calendar version and an instant alone. Loading a calendar belongs to libs/programmes.',
  },

  // Tools: each does one thing and knows nothing of claims.
  { area: 'libs/design', otherwise: 'Colours and sizes only. A component belongs to the app that shows it.' },
  { area: 'libs/html', otherwise: 'This only escapes. A page or a mail belongs to libs/notices.' },
  { area: 'libs/json', otherwise: 'This only reads JSON. What a document means belongs to the library of that document.' },
  { area: 'libs/log', otherwise: 'This only shortens errors. Deciding what an error means belongs to its caller.' },
  { area: 'libs/sealing', otherwise: 'This only encrypts. Storing what was sealed belongs to the library that owns the row.' },
  { area: 'libs/identifiers', otherwise: 'This only reads text. Looking an identifier up belongs to libs/directory.' },
  {
    area: 'libs/problems',
    otherwise: 'This is the catalogue of codes. Deciding when a code applies belongs to libs/claims or to apps/api.',
  },
  { area: 'libs/config', otherwise: 'This only reads the environment. Using a setting belongs to the app that reads it.' },
  { area: 'libs/embedded', otherwise: 'This only starts servers for a sandbox. What fills them belongs to libs/sample-data or an app.' },
  { area: 'libs/tracing', otherwise: 'This only measures. What is worth a span is decided by whoever does the work.' },
  {
    area: 'libs/engine',
    may: ['libs/tracing'],
    otherwise: 'The client of Temporal carries ids and knows no claims. Decide in libs/inbox or libs/reconciliation what to wake.',
  },

  // What others install.
  { area: 'packages/client', otherwise: 'Whoever installs the client has nothing else of ours. What it needs is in the contract, or in it.' },

  // On top of the rules, without a database.
  {
    area: 'libs/tables',
    may: ['libs/claims'],
    otherwise: 'This only reads cells. What a row means belongs to libs/imports, libs/usage or libs/directory.',
  },
  { area: 'libs/timeline', types: ['libs/claims'], otherwise: 'This only words an event. Loading events belongs to libs/read-models.' },
  {
    area: 'libs/auth',
    may: ['libs/claims', 'libs/problems'],
    otherwise:
      'Who may do what is decided from the token and from a claim that is passed in. Loading the claim belongs to libs/read-models.',
  },

  {
    area: 'libs/metrics',
    may: ['libs/claims'],
    otherwise: 'This measures what PostgreSQL knows and how a process fares. What one app alone can measure belongs to that app.',
  },
  {
    area: 'libs/sessions',
    may: ['libs/auth', 'libs/problems', 'libs/sealing'],
    otherwise: 'This stores sessions of browsers. Talking to the issuer, cookies and pages belong to apps/api/src/sign-in.',
  },

  // What is stored.
  {
    area: 'libs/event-store',
    types: ['libs/claims'],
    otherwise: 'The store knows events and commands, no rows and no rules. Rows that are read belong to libs/read-models.',
  },
  {
    area: 'libs/members',
    may: ['libs/event-store'],
    types: ['libs/auth'],
    otherwise: 'This stores who was given which roles. What a role permits belongs to libs/auth, checking a location to apps/api.',
  },
  {
    area: 'libs/programmes',
    types: ['libs/calendar'],
    otherwise: 'A programme is a document. Publishing it belongs to libs/publications, applying it to libs/claims.',
  },
  {
    area: 'libs/evidence',
    types: ['libs/config', 'libs/programmes'],
    otherwise: 'This inspects and stores files. What evidence means for a claim belongs to libs/claims/validation.',
  },
  {
    area: 'libs/retention',
    types: ['libs/claims'],
    otherwise: 'This exports and erases rows. A rule about what may go belongs to the database functions that erase.',
  },
  {
    area: 'libs/directory',
    may: ['libs/claims', 'libs/event-store', 'libs/identifiers', 'libs/tables'],
    otherwise: 'A provider answers questions. When to ask, and what follows, belongs to libs/inbox and libs/claims.',
  },
  {
    area: 'libs/access-log',
    may: ['libs/event-store'],
    otherwise: 'This records reads. Who may read is decided by libs/usage/usage-access.ts.',
  },
  {
    area: 'libs/event-feed',
    may: ['libs/claims', 'libs/event-store', 'libs/read-models', 'libs/timeline'],
    types: ['libs/auth'],
    otherwise: 'The feed reads committed events. Deciding anything from them belongs to the evaluator that reads the feed.',
  },
  {
    area: 'libs/receipts',
    types: ['libs/config'],
    otherwise: 'This prints, seals and checks a PDF. What a receipt says belongs to the library that knows what was signed.',
  },
  {
    area: 'libs/webhooks',
    may: ['libs/event-feed', 'libs/html', 'libs/notices', 'libs/sealing'],
    types: ['libs/auth', 'libs/config'],
    otherwise: 'This sends what the feed reports. What the feed reports belongs to libs/event-feed, who may register an endpoint to apps/api.',
  },
  {
    area: 'libs/audit-trail',
    may: ['libs/event-store'],
    otherwise: 'A check reads rows as anyone could. It must not trust the code that wrote them.',
  },
  {
    area: 'libs/publications',
    may: ['libs/calendar', 'libs/claims', 'libs/event-store', 'libs/programmes'],
    otherwise: 'This publishes documents. What a document means belongs to libs/programmes or libs/calendar.',
  },
  {
    area: 'libs/usage',
    may: ['libs/auth', 'libs/claims', 'libs/event-store', 'libs/identifiers', 'libs/tables'],
    types: ['libs/programmes'],
    otherwise: 'Usage is read through the grants of usage-access.ts. Logging a read belongs to libs/access-log, called by apps/api in the same transaction.',
  },

  // Words for people, and rows that are read.
  {
    area: 'libs/notices',
    may: [
      'libs/calendar',
      'libs/claims',
      'libs/design',
      'libs/directory',
      'libs/event-store',
      'libs/html',
      'libs/retention',
      'libs/tracing',
    ],
    types: ['libs/programmes', 'libs/receipts'],
    otherwise: 'This reads what a mail or a page says, and words it. Sending belongs to activities/, accepting an answer to libs/inbox.',
  },
  {
    area: 'libs/read-models',
    may: [
      'libs/auth',
      'libs/claims',
      'libs/event-store',
      'libs/identifiers',
      'libs/notices',
      'libs/problems',
      'libs/retention',
      'libs/timeline',
    ],
    otherwise: 'Rows are written from events and read for lists. What changes a claim is a command and belongs to libs/inbox.',
  },

  {
    area: 'libs/signatures',
    may: ['libs/claims', 'libs/event-store', 'libs/html', 'libs/notices', 'libs/programmes', 'libs/timeline'],
    types: ['libs/receipts'],
    otherwise: 'This words a request to sign and its receipt. Who may sign belongs to libs/claims, taking an answer to apps/api.',
  },

  {
    area: 'libs/snapshots',
    may: ['libs/claims', 'libs/event-store', 'libs/html', 'libs/notices', 'libs/read-models'],
    types: ['libs/programmes'],
    otherwise: 'This keeps and words what a link shows. Who may make one belongs to apps/api, what was submitted to libs/read-models.',
  },

  // The path of a command.
  {
    area: 'libs/inbox',
    may: ['libs/calendar', 'libs/claims', 'libs/event-store', 'libs/identifiers', 'libs/read-models'],
    types: ['libs/directory', 'libs/programmes'],
    otherwise: 'The inbox accepts and executes. Who may ask belongs to apps/api, what follows in the world to activities/.',
  },
  {
    area: 'libs/new-claims',
    may: [
      'libs/claims',
      'libs/event-store',
      'libs/evidence',
      'libs/identifiers',
      'libs/inbox',
      'libs/problems',
      'libs/programmes',
      'libs/read-models',
    ],
    otherwise: 'This turns what was sent into commands. A rule about the content belongs to libs/claims/validation.',
  },
  {
    area: 'libs/imports',
    may: ['libs/claims', 'libs/event-store', 'libs/inbox', 'libs/new-claims', 'libs/problems', 'libs/read-models', 'libs/tables'],
    types: ['libs/auth', 'libs/engine', 'libs/programmes'],
    otherwise: 'An import hands rows to libs/new-claims or libs/inbox one after the other. Reading a file belongs to libs/tables and apps/api.',
  },
  {
    area: 'libs/reconciliation',
    may: ['libs/directory', 'libs/inbox', 'libs/notices', 'libs/programmes'],
    types: ['libs/engine'],
    otherwise: 'This finds what is late and wakes or settles it. What happens to the claim then belongs to libs/inbox.',
  },

  // Trying it out, and printing the reference.
  {
    area: 'libs/sandbox',
    may: ['libs/event-store'],
    types: ['libs/engine'],
    otherwise: 'This moves the clock. What a deadline brings about belongs to libs/claims.',
  },
  {
    area: 'libs/sample-data',
    may: ['libs/auth', 'libs/calendar', 'libs/directory', 'libs/programmes', 'libs/publications'],
    otherwise: 'This loads documents. A rule for them belongs to the library that reads them.',
  },
  {
    area: 'libs/sandbox-issuer',
    may: ['libs/auth', 'libs/design', 'libs/html', 'libs/sample-data'],
    otherwise: 'This signs sample people in. Who may do what belongs to libs/auth, a session of the console to apps/api.',
  },
  {
    area: 'libs/reference',
    may: ['libs/auth', 'libs/claims', 'libs/config', 'libs/directory', 'libs/event-feed', 'libs/metrics', 'libs/notices', 'libs/problems', 'libs/programmes', 'libs/timeline', 'libs/webhooks'],
    otherwise: 'This prints what other libraries export. Export there what is to be printed.',
  },

  // Temporal.
  {
    area: 'workflows',
    types: ['activities', 'libs/claims', 'libs/imports', 'libs/inbox'],
    otherwise:
      'A workflow is replayed, so it may not run code that changes. A step belongs to activities/, a rule to libs/claims, a number to temporal.config.ts.',
  },
  {
    area: 'activities',
    may: [
      'libs/claims',
      'libs/event-store',
      'libs/identifiers',
      'libs/imports',
      'libs/inbox',
      'libs/new-claims',
      'libs/notices',
      'libs/programmes',
      'libs/reconciliation',
      'libs/webhooks',
    ],
    types: ['libs/directory', 'libs/engine', 'libs/evidence'],
    otherwise: 'An activity is one effect on the world, by a library. What an app and an activity share belongs to a library.',
  },

  // Processes.
  {
    area: 'apps/api',
    may: ['libs'],
    otherwise: 'What two apps share belongs to a library; a step of a workflow to activities/, reached through libs/engine.',
  },
  {
    area: 'apps/cli',
    may: ['libs', 'packages/client'],
    otherwise: 'What two apps share belongs to a library; a step of a workflow to activities/, reached through libs/engine.',
  },
  {
    area: 'apps/worker',
    may: ['libs', 'activities'],
    otherwise: 'The worker bundles workflows by path and never imports them. What two apps share belongs to a library.',
  },
  { area: 'apps/local', may: ['libs'], otherwise: 'What two apps share belongs to a library.' },
  {
    area: 'apps/example-directory',
    otherwise: 'A vendor copies this folder out, so it imports nothing of ours. What the contract says belongs to libs/directory/http.',
  },
  { area: 'apps/mailbox', may: ['libs'], otherwise: 'What two apps share belongs to a library.' },
  {
    area: 'apps/console',
    may: ['libs/design', 'packages/client'],
    otherwise: 'The console is a client: it uses the API through the published client, and shares nothing but the look.',
  },
  {
    area: 'apps/demo',
    may: ['libs'],
    otherwise: 'The demo uses the product from outside, by HTTP. What two apps share belongs to a library.',
  },
];

const inside = (area) => `^${area}/`;
const ours = '^(libs|apps|packages|activities|workflows)/';

const areaRules = areas.flatMap(({ area, may = [], types = [], otherwise }) => [
  {
    name: `${area} reaches too far`,
    comment: `${otherwise} Allowed: ${[...may, ...types].join(', ') || 'nothing of ours'}.`,
    severity: 'error',
    from: { path: inside(area) },
    to: { path: ours, pathNot: [area, ...may, ...types].map(inside) },
  },
  ...(types.length === 0
    ? []
    : [
        {
          name: `${area} takes more than types`,
          comment: `${otherwise} From ${types.join(', ')} only types: write "import type".`,
          severity: 'error',
          from: { path: inside(area) },
          to: { path: types.map(inside), dependencyTypesNot: ['type-only'] },
        },
      ]),
]);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...areaRules,
    {
      name: 'no cycles',
      comment: 'Two modules that need each other are one module, or need a third that both import.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'The imported file or package does not exist. Libraries are imported as #libs/NAME/index.js.',
      severity: 'error',
      from: {},
      // The build makes a file of its own of a worker, and imports its address.
      to: { couldNotResolve: true, pathNot: '\\?worker&url$' },
    },
    {
      name: 'area without a rule',
      comment: 'A new library or app: add it to the table in .dependency-cruiser.cjs, and give it a README.',
      severity: 'error',
      from: { path: ours, pathNot: areas.map(({ area }) => inside(area)) },
      to: {},
    },
    {
      name: 'pure libraries use no package',
      comment: 'Rules and deadlines do no I/O and use no framework; temporal-polyfill in libs/calendar is the one exception.',
      severity: 'error',
      from: { path: '^libs/(claims|calendar)/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '^node_modules/temporal-polyfill/' },
    },
    {
      name: 'workflows use the workflow SDK alone',
      comment: 'Other packages and node: modules do I/O or change between releases, which breaks replay. Put the step into activities/.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '^node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'Temporal in its place',
      comment: 'Code that wants something from Temporal calls libs/engine.',
      severity: 'error',
      from: {
        path: ours,
        pathNot: ['^(workflows|activities|apps/worker|libs/engine|libs/embedded|libs/tracing)/'],
      },
      to: { path: '^node_modules/@temporalio/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'NestJS in apps',
      comment: 'A library takes what it needs as arguments; the app that uses it makes a provider of it.',
      severity: 'error',
      from: { path: '^(libs|activities|workflows)/' },
      to: { path: '^node_modules/(@nestjs|nestjs-pino|fastify|@fastify)/' },
    },
    {
      name: 'TypeORM in its place',
      comment:
        'Libraries that own tables talk to the database. Elsewhere import its types alone and let the composition root (a module, or activities/dependencies.ts) pass the connection in.',
      severity: 'error',
      from: {
        path: ours,
        pathNot: [
          '^libs/(event-store|inbox|programmes|read-models|reconciliation|directory|evidence|sample-data)/',
          '^activities/dependencies\\.ts$',
          // Injected by class, so the import is a value.
          '\\.(module|provider|command|service|reader)\\.ts$',
        ],
      },
      to: { path: '^node_modules/(typeorm|@nestjs/typeorm)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^packages/client/dist/'] },
    exclude: { path: '^(dist|packages/client/src/generated)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json', '.css', '.svg'],
      conditionNames: ['@cpor/source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
