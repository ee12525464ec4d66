import tls from 'node:tls'

/**
 * Makes TLS 1.3 the oldest version of every connection that this process makes or takes from now on. Some libraries (gRPC,
 * PostgreSQL, HTTP of the identity provider) offer no setting of their own.
 */
export function requireTls13(): void {
  tls.DEFAULT_MIN_VERSION = 'TLSv1.3'
}
