// The numbers and names that cross languages: statuses, phases, codes, states, levels, kinds of events. Each list has a home,
// the C header or, where C has none, the seam; every other place has the same names in its own spelling, with the same numbers.
import { constant, kebab, objcPascal, pascal } from './names.mjs';
import {
  cDefines,
  cEnum,
  cNames,
  cppEnum,
  cppWords,
  documentedCodes,
  javaConstants,
  javaEnum,
  objcEnum,
  quoted,
  rustEnum,
  rustWords,
  tsList,
  tsObject,
  tsUnion,
} from './code-readers.mjs';
import { FILES } from './sources.mjs';

const JAVA = 'android/src/main/java/com/sockettask';
const ERRORS = 'js/channel/failure.ts';

/** What the seam, and the two halves that speak it, make of the statuses. */
const REFUSAL = {
  numbers: false,
  without: ['ok', 'invalid-handle', 'invalid-utf8', 'internal'],
  renamed: { 'out-of-resources': 'resource' },
  why: 'JavaScript has neither handles nor texts that are not Unicode, and an internal fault is told as `resource`',
};

/** The function of C that tells the names of a list. */
const named = (type, prefix) => [
  'the names in C',
  'src/ffi/names.rs',
  cNames(`socket_task_${type}_name`, prefix),
  kebab,
  { numbers: false },
];

/**
 * What is held against the home: who, the file, what reads `[[name, number], …]` in it, the spelling, and the excuses:
 * `without` and `beside` name what is missing or extra there, `renamed` what is called otherwise, and `why` says why.
 */
const LISTS = [
  {
    list: 'statuses',
    home: [FILES.header, cEnum('SOCKET_TASK_', /SOCKET_TASK_OK = 0/)],
    places: [
      named('status', 'SOCKET_TASK_'),
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
      ['the seam', FILES.seam, tsUnion('type RefusalCode ='), kebab, REFUSAL],
      ['C++', 'cpp/jsi/Refusal.cpp', quoted, kebab, REFUSAL],
      ['the Node addon', 'node/src/refusal.rs', quoted, kebab, REFUSAL],
    ],
  },
  {
    list: 'phases',
    home: [FILES.header, cEnum('SOCKET_TASK_PHASE_', /SOCKET_TASK_PHASE_URL = 1/)],
    places: [
      named('phase', 'SOCKET_TASK_PHASE_'),
      ['the core', 'src/error.rs', rustEnum('Phase'), pascal],
      ['the words of the core', 'src/error.rs', rustWords(/fn name\(self\)/), kebab, { numbers: false }],
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
      named('error_code', 'SOCKET_TASK_ERROR_'),
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
    places: [
      named('ready_state', 'SOCKET_TASK_'),
      ['Objective-C', 'ios/STSocketTask.h', objcEnum('STSocketTaskReadyState'), objcPascal],
    ],
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
      ...words('roots', kebab, /match self\.roots/, 'kRoots'),
      ['docs/javascript.md', FILES.docsJs, documentedCodes('roots'), kebab, { numbers: false }],
    ],
  },
  {
    list: 'versions of TLS',
    home: [FILES.header, cDefines('SOCKET_TASK_TLS_')],
    places: [
      ['Java', FILES.java, javaEnum('TlsVersion'), (name) => `TLS_${name}`],
      ['Objective-C', FILES.objc, objcEnum('STSocketTaskTLSVersion'), (name) => name.replace('_', '')],
      ['the core', FILES.coreTls, rustEnum('TlsVersion'), (name) => `Tls${name.replace('_', '')}`, { numbers: false }],
      ...words('minVersion', tlsVersion, /match self\.min_version/, 'kTlsVersions'),
      ['docs/javascript.md', FILES.docsJs, documentedCodes('minVersion'), tlsVersion, { numbers: false }],
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

/** The places of an option of JavaScript that is one of some words: its types, and what reads the words. */
function words(option, spell, inNode, inCpp) {
  return [
    ['the seam', FILES.seam, tsUnion(`${option}\\?:`), spell, { numbers: false }],
    ['TypeScript', FILES.js, tsUnion(`${option}\\?:`), spell, { numbers: false }],
    ['what reads TypeScript', FILES.js, tsUnion(`${option}: \\(.*oneOf\\(`), spell, { numbers: false }],
    ['the Node addon', FILES.node, rustWords(inNode), spell, { numbers: false }],
    ['C++', FILES.cpp, cppWords(inCpp), spell, { numbers: false }],
  ];
}

function tlsVersion(name) {
  return `TLSv${name.replace('_', '.')}`;
}

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
