// One planted drift for each language and kind of check: a replacement in a file, and the fault that must be told.
import { FILES } from './sources.mjs';

export const drifts = [
  // A name.
  {
    file: FILES.header,
    from: 'socket_task_set_close_timeout(',
    to: 'socket_task_set_closing_timeout(',
    told: /^C: there is no set_close_timeout/,
  },
  {
    file: FILES.core,
    from: 'pub pong_timeout:',
    to: 'pub pong_deadline:',
    told: /^the core: there is no pong_timeout/,
  },
  {
    file: FILES.java,
    from: 'SocketTaskBuilder pingInterval(',
    to: 'SocketTaskBuilder keepAlive(',
    told: /^Java: keepAlive is not in the table/,
  },
  {
    file: FILES.javaNatives,
    from: 'setTcpNoDelay(',
    to: 'setNoDelay(',
    told: /^the natives of Java: there is no set_tcp_no_delay/,
  },
  {
    file: FILES.objc,
    from: 'NSInteger followRedirects;',
    to: 'NSInteger maxRedirects;',
    told: /^Objective-C: there is no followRedirects/,
  },
  {
    file: FILES.seam,
    from: '  pongTimeout?: number;',
    to: '  pongDeadline?: number;',
    told: /^the seam: there is no pongTimeout/,
  },
  { file: FILES.js, from: '  closeTimeout?: number;', to: '', told: /^TypeScript: there is no closeTimeout/ },
  { file: FILES.cpp, from: '"tcpNoDelay"', to: '"noDelay"', told: /^C\+\+: there is no tcpNoDelay/ },
  {
    file: FILES.node,
    from: 'pub max_message_size:',
    to: 'pub max_size:',
    told: /^the Node addon: there is no maxMessageSize/,
  },
  {
    file: FILES.docsJs,
    from: '| `pongTimeout` |',
    to: '| `pongDeadline` |',
    told: /^docs\/javascript\.md: there is no pongTimeout/,
  },
  {
    file: FILES.docsNetwork,
    from: '`tls.serverName`',
    to: '`tls.hostName`',
    told: /^docs\/network\.md: set_server_name is not/,
  },
  // Something extra.
  {
    file: FILES.js,
    from: '  closeTimeout?: number;',
    to: '  closeTimeout?: number;\n  linger?: number;',
    told: /^TypeScript: linger is not in the table/,
  },
  // A unit.
  {
    file: FILES.java,
    from: 'tcpKeepalive(int milliseconds)',
    to: 'tcpKeepalive(int limit)',
    told: /^Java: tcpKeepalive is in count/,
  },
  {
    file: FILES.objc,
    from: 'NSTimeInterval pongTimeout;',
    to: 'BOOL pongTimeout;',
    told: /^Objective-C: pongTimeout is in flag/,
  },
  {
    file: FILES.header,
    from: 'socket_task_set_pong_timeout(socket_task_handle handle, uint32_t milliseconds)',
    to: 'socket_task_set_pong_timeout(socket_task_handle handle, uint32_t seconds)',
    told: /^C: set_pong_timeout does not say that it is in ms/,
  },
  {
    file: FILES.core,
    from: 'pub close_timeout: Duration',
    to: 'pub close_timeout: u64',
    told: /^the core: close_timeout does not say/,
  },
  {
    file: FILES.javaNatives,
    from: 'setPongTimeout(long handle, int milliseconds)',
    to: 'setPongTimeout(long handle, int seconds)',
    told: /^the natives of Java: set_pong_timeout does not say/,
  },
  {
    file: FILES.seam,
    from: 'maxMessageSize?: number;',
    to: 'maxMessageSize?: bigint;',
    told: /^the seam: maxMessageSize does not say/,
  },
  {
    file: FILES.cpp,
    from: 'set<milliseconds, socket_task_set_pong_timeout>',
    to: 'set<count, socket_task_set_pong_timeout>',
    told: /^C\+\+: pongTimeout is in count/,
  },
  {
    file: FILES.docsJs,
    from: '| `timeout` | number, ms',
    to: '| `timeout` | number, s',
    told: /^docs\/javascript\.md: timeout does not say/,
  },
  // A field that goes to another, or nowhere.
  {
    file: FILES.cpp,
    from: 'milliseconds, socket_task_set_pong_timeout>',
    to: 'milliseconds, socket_task_set_timeout>',
    told: /^C\+\+: pongTimeout goes to set_timeout/,
  },
  {
    file: FILES.cpp,
    from: '&Deflate::level',
    to: '&Deflate::server_max_window_bits',
    told: /^C\+\+: level goes to server_max_window_bits/,
  },
  {
    file: FILES.node,
    from: 'options.close_timeout, self.close_timeout',
    to: 'options.timeout, self.close_timeout',
    told: /^the Node addon: close_timeout goes to timeout/,
  },
  {
    file: FILES.node,
    from: 'options.pins = digests(self.pins, "tls.pins")?;',
    to: '',
    told: /^the Node addon: pins is not handed on/,
  },
  // A default.
  {
    file: FILES.core,
    from: 'proxy: ProxySource::Direct',
    to: 'proxy: ProxySource::System',
    told: /^the core: proxy is ProxySource::System by default/,
  },
  {
    file: FILES.docsJs,
    from: '| `pingInterval` | number, ms | never |',
    to: '| `pingInterval` | number, ms | 30 000 |',
    told: /^docs\/javascript\.md: pingInterval does not tell its default/,
  },
  {
    file: FILES.core,
    from: 'pong_timeout: Duration::from_secs(10)',
    to: 'pong_timeout: Duration::from_secs(20)',
    told: /^the core: pong_timeout is 20000 by default/,
  },
  {
    file: FILES.docsJs,
    from: '| `pongTimeout` | number, ms | 10 000 |',
    to: '| `pongTimeout` | number, ms | 20 000 |',
    told: /^docs\/javascript\.md: pongTimeout does not tell its default/,
  },
  // A code.
  { file: 'src/error.rs', from: 'PongTimeout = 28', to: 'PongTimeout = 30', told: /^the core: PongTimeout is 30/ },
  {
    file: 'ios/STSocketTaskError.h',
    from: 'STSocketTaskErrorBadRedirect = 23',
    to: 'STSocketTaskErrorBadForward = 23',
    told: /^Objective-C: error codes lack BadRedirect/,
  },
  { file: 'node/src/event.rs', from: 'Drain = 4', to: 'Drain = 5', told: /^the Node addon: Drain is 5/ },
  // A word.
  { file: 'src/error.rs', from: '=> "dns"', to: '=> "name"', told: /^the words of the core: phases lack dns/ },
  {
    file: FILES.js,
    from: "oneOf(['system', 'bundled', 'none']",
    to: "oneOf(['system', 'none']",
    told: /^what reads TypeScript: roots of trust lack bundled/,
  },
  {
    file: FILES.seam,
    from: "minVersion?: 'TLSv1.2' | 'TLSv1.3'",
    to: "minVersion?: 'TLSv1.2'",
    told: /^the seam: versions of TLS lack TLSv1\.3/,
  },
  {
    file: FILES.node,
    from: 'Some("none")',
    to: 'Some("nobody")',
    told: /^the Node addon: roots of trust lack none/,
  },
  {
    file: 'src/ffi/names.rs',
    from: 'c"bad-redirect"',
    to: 'c"bad-extension"',
    told: /^the names in C: error codes lack bad-redirect/,
  },
];
