// Certificates made with the openssl program, for servers that tests connect to.

import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface Identity {
  cert: string;
  key: string;
}

/** A certificate authority in a folder of its own; `dispose` removes it. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'socket-task-ca-'));
  #serial = 0;
  /** The authority's own certificate, PEM. */
  readonly ca: string;

  constructor() {
    this.#openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      '-subj',
      `/CN=Authority ${basename(this.#folder)}`,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
    this.ca = this.#read('ca.pem');
  }

  /** Issues a certificate for `names`. */
  issue(names = 'DNS:localhost,IP:127.0.0.1', usage = 'serverAuth'): Identity {
    const name = `leaf${(this.#serial += 1)}`;
    writeFileSync(
      join(this.#folder, `${name}.ext`),
      `subjectAltName=${names}\nextendedKeyUsage=${usage}\nbasicConstraints=CA:FALSE\n`,
    );
    this.#openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    this.#openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-set_serial',
      String(this.#serial),
      '-days',
      '30',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
    return { cert: this.#read(`${name}.pem`), key: this.#read(`${name}.key`) };
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }
}

/** The DER form of a PEM certificate. */
export function der(cert: string): Buffer {
  return new X509Certificate(cert).raw;
}

/** The pin of a certificate's public key. */
export function pin(cert: string): string {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(key).digest('base64')}`;
}

/** The fingerprint of a certificate. */
export function fingerprint(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}
