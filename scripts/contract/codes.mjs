// The numbers and names that cross languages: statuses, phases, codes, states, levels, kinds of events. Each list has a home,
// the C header or, where C has none, the seam; every other place has the same names in its own spelling, with the same numbers.
import { constant, kebab, objcPascal, pascal } from './names.mjs';
import { FILES, between } from './sources.mjs';

const JAVA = 'android/src/main/java/com/sockettask';
const ERRORS = 'js/channel/failure.ts';

/**
 * What is held against the home: who, the file, what reads `[[name, number], …]` in it, the spelling, and the excuses:
 * `without` and `beside` name what is missing or extra there, `renamed` what is called otherwise, and `why` says why.
 */
const LISTS = [
  {
    list: 'statuses',
    home: [FILES.header, cEnum('SOCKET_TASK_', /SOCKET_TASK_OK = 0/)],
    places: [
      [
        'Java',
        `${JAVA}/NativeSocket.java`,
        javaConstants,
        constant,
        {
          without: ['OUT_OF_RESOURCES', 'INTERNAL'],
          why: 'no code of Java asks for them: they end in the same exception as what it does not know',
        },
      ],
      [
        'Objective-C',
        'ios/STSocketTaskError.h',
        objcEnum('STSocketTaskRefusal'),
        objcPascal,
        {
          without: ['Ok'],
          renamed: { InvalidHandle: 'Invalidated' },
          why: 'success is no refusal, and a task has no handle to see',
        },
      ],
      [
        'the seam',
        FILES.seam,
        tsUnion('RefusalCode'),
        kebab,
        {
          numbers: false,
          without: ['ok', 'invalid-handle', 'invalid-utf8', 'internal'],
          renamed: { 'out-of-resources': 'resource' },
          why: 'JavaScript has neither handles nor texts that are not Unicode, and an internal fault is told as `resource`',
        },
      ],
      [
        'C++',
        'cpp/jsi/Refusal.cpp',
        quoted,
        kebab,
        {
          numbers: false,
          without: ['ok', 'invalid-handle', 'invalid-utf8', 'internal'],
          renamed: { 'out-of-resources': 'resource' },
          why: 'as at the seam',
        },
      ],
      [
        'the Node addon',
        'node/src/refusal.rs',
        quoted,
        kebab,
        {
          numbers: false,
          without: ['ok', 'invalid-handle', 'invalid-utf8', 'internal'],
          renamed: { 'out-of-resources': 'resource' },
          why: 'as at the seam',
        },
      ],
    ],
  },
  {
    list: 'phases',
    home: [FILES.header, cEnum('SOCKET_TASK_PHASE_', /SOCKET_TASK_PHASE_URL = 1/)],
    places: [
      ['the core', 'src/error.rs', rustEnum('Phase'), pascal],
      ['Java', `${JAVA}/SocketTaskError.java`, javaEnum('Phase', 1), constant],
      ['Objective-C', 'ios/STSocketTaskError.h', objcEnum('STSocketTaskPhase'), objcPascal],
      ['TypeScript', ERRORS, tsList('PHASES'), kebab],
      ['docs/javascript.md', FILES.docsJs, documentedCodes('phase'), kebab, { numbers: false }],
    ],
  },
  {
    list: 'error codes',
    home: [FILES.header, cEnum('SOCKET_TASK_ERROR_', /SOCKET_TASK_ERROR_OTHER = 1/)],
    places: [
      ['the core', 'src/error.rs', rustEnum('ErrorCode'), pascal],
      ['Java', `${JAVA}/SocketTaskErrorCode.java`, javaEnum('SocketTaskErrorCode'), constant],
      ['Objective-C', 'ios/STSocketTaskError.h', objcEnum('STSocketTaskErrorCode', 'STSocketTaskError'), objcPascal],
      ['TypeScript', ERRORS, tsList('CODES'), kebab],
      ['docs/javascript.md', FILES.docsJs, documentedCodes('code'), kebab, { numbers: false }],
    ],
  },
  {
    list: 'states',
    home: [FILES.header, cEnum('SOCKET_TASK_', /SOCKET_TASK_NEW = -1/)],
    places: [['Objective-C', 'ios/STSocketTask.h', objcEnum('STSocketTaskReadyState'), objcPascal]],
  },
  {
    list: 'levels of the log',
    home: [FILES.header, cDefines('SOCKET_TASK_LOG_')],
    places: [['Objective-C', 'ios/STSocketTask.h', objcEnum('STSocketTaskLogLevel'), objcPascal]],
  },
  {
    list: 'roots of trust',
    home: [FILES.header, cDefines('SOCKET_TASK_TRUST_ROOTS_')],
    places: [
      ['the core', FILES.coreTls, rustEnum('TrustRoots'), pascal, { numbers: false }],
      ['Java', FILES.java, javaEnum('TrustRoots'), constant],
      ['Objective-C', FILES.objc, objcEnum('STSocketTaskTrustRoots'), objcPascal],
    ],
  },
  {
    list: 'kinds of events',
    home: [FILES.seam, tsObject('EventKind')],
    places: [
      ['C++', 'cpp/jsi/EventToJs.cpp', cppEnum('Kind'), pascal],
      ['the Node addon', 'node/src/event.rs', rustEnum('Kind'), pascal],
    ],
  },
];

export function* checkCodes(sources) {
  for (const {
    list,
    home: [file, read],
    places,
  } of LISTS) {
    const home = read(sources.text(file));
    if (home.length === 0) yield `${file}: there are no ${list}`;
    for (const [where, place, readPlace, spell, excuses = {}] of places) {
      const here = new Map(readPlace(sources.text(place)));
      const { numbers = true, without = [], renamed = {}, why } = excuses;
      if ((without.length > 0 || Object.keys(renamed).length > 0) && !why)
        yield `the table: ${list} of ${where} are excused without a reason`;
      const wanted = home
        .map(([name, number]) => [renamed[spell(name)] ?? spell(name), number])
        .filter(([name]) => !without.includes(name));
      for (const [name, number] of wanted) {
        if (!here.has(name)) yield `${where}: ${list} lack ${name}`;
        else if (numbers && here.get(name) !== number)
          yield `${where}: ${name} is ${here.get(name)}, and should be ${number}`;
        here.delete(name);
      }
      for (const name of here.keys()) yield `${where}: ${name} is none of the ${list}`;
    }
  }
}

// ---- What reads a list ----

const pairs = (text, pattern) => [...text.matchAll(pattern)].map(([, name, number]) => [name, Number(number)]);

function cEnum(prefix, first) {
  return (text) => {
    const start = text.search(first);
    return pairs(text.slice(start, text.indexOf('}', start)), new RegExp(`\\b${prefix}(\\w+) = (-?\\d+)`, 'g'));
  };
}

function cDefines(prefix) {
  return (text) => pairs(text, new RegExp(`^#define ${prefix}(\\w+) (\\d+)`, 'gm'));
}

function rustEnum(name) {
  return (text) => pairs(between(text, new RegExp(`enum ${name} \\{`), /^\}/m), /^ {4}(\w+)(?: = (-?\d+))?,/gm);
}

function cppEnum(name) {
  return (text) => pairs(between(text, new RegExp(`enum class ${name} \\{`), /\};/), /^\s+(\w+) = (\d+)/gm);
}

function javaConstants(text) {
  return pairs(text, /static final int (\w+) = (\d+);/g);
}

/** The number is what the constant is made with; otherwise its place, counted from `first`. */
function javaEnum(name, first = 0) {
  return (text) => {
    const code = text.replace(/\/\*\*[^]*?\*\//g, '');
    const body = between(code, new RegExp(`enum ${name} \\{`), /;|^\s*\}/m);
    const constants = [...body.matchAll(/^\s+([A-Z][A-Z0-9_]*)(?:\((\d+)\))?(?=,|;|\s*$)/gm)];
    return constants.map(([, own, number], place) => [own, Number(number ?? first + place)]);
  };
}

function objcEnum(name, prefix = name) {
  return (text) =>
    pairs(
      between(text, new RegExp(`NS_ENUM\\(NSInteger, ${name}\\)`), /\};/),
      new RegExp(`\\b${prefix}(\\w+) = (-?\\d+)`, 'g'),
    );
}

/** A list whose index is the number, with '' where there is none. */
function tsList(name) {
  return (text) => {
    const body = between(text, new RegExp(`const ${name} = \\[`), /\] as const/);
    return [...body.matchAll(/'([^']*)'/g)].map(([, code], number) => [code, number]).filter(([code]) => code !== '');
  };
}

function tsObject(name) {
  return (text) => pairs(between(text, new RegExp(`const ${name} = \\{`), /\} as const/), /^\s+(\w+): (\d+),/gm);
}

function tsUnion(name) {
  return (text) =>
    [...between(text, new RegExp(`type ${name} =`), /;/).matchAll(/'([\w-]+)'/g)].map(([, code]) => [code, 0]);
}

function quoted(text) {
  return [...text.matchAll(/"([a-z]+(?:-[a-z]+)*)"/g)]
    .filter(([, code]) => code.includes('-') || code === 'resource')
    .map(([, code]) => [code, 0]);
}

function documentedCodes(field) {
  return (text) => {
    const row =
      new RegExp(`^\\| \`${field}\` \\| (.*) \\|$`, 'm').exec(text.slice(text.indexOf('## Errors')))?.[1] ?? '';
    return [...row.matchAll(/`([\w-]+)`/g)].map(([, code]) => [code, 0]);
  };
}
