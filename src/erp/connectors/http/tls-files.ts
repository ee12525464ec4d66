import { getCACertificates } from 'node:tls'

/** PEM texts: a certificate authority of the company's own, and a certificate by which the ERP knows us. */
export type TlsFiles = { ca?: string | undefined; cert?: string | undefined; key?: string | undefined }

/**
 * How a connection to a server is made: TLS 1.3, its certificate checked against the public authorities and `ca`. A
 * connection that does not come about in 1.5 s is for another server to take.
 */
export function connectOptions(attemptMs: number, { ca, cert, key }: TlsFiles = {}) {
  return {
    timeout: Math.min(1_500, attemptMs),
    minVersion: 'TLSv1.3' as const,
    ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  }
}
