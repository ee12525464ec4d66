import {
  type ChannelCredentials,
  credentials,
  experimental,
  ServerCredentials,
  type experimental as types,
} from '@grpc/grpc-js'
import type { CertificateFiles, TlsIdentity } from '#platform/certificate-files'

type CaListener = types.CaCertificateUpdateListener
type IdentityListener = types.IdentityCertificateUpdateListener

/** A server that asks its clients for a certificate of the authority and shows its own; plain without `tls`. */
export function serverCredentials(tls: CertificateFiles | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure()
  const provider = provide(tls)
  return experimental.createCertificateProviderServerCredentials(provider, provider, true)
}

/** A client that shows its certificate and trusts the authority's servers only, by their names; plain without `tls`. */
export function clientCredentials(tls: CertificateFiles | undefined): ChannelCredentials {
  if (!tls) return credentials.createInsecure()
  const provider = provide(tls)
  return experimental.createCertificateProviderChannelCredentials(provider, provider)
}

/** The files as gRPC asks for them. What is exchanged holds from the next connection on; those that stand go on. */
function provide(tls: CertificateFiles): types.CertificateProvider {
  const cas = new Set<CaListener>()
  const identities = new Set<IdentityListener>()
  const tellCa = (listener: CaListener, { ca = '' }: TlsIdentity) => listener({ caCertificate: Buffer.from(ca) })
  const tellIdentity = (listener: IdentityListener, { cert, key }: TlsIdentity) =>
    listener({ certificate: Buffer.from(cert), privateKey: Buffer.from(key) })
  tls.onChange((identity) => {
    for (const listener of cas) tellCa(listener, identity)
    for (const listener of identities) tellIdentity(listener, identity)
  })
  return {
    addCaCertificateListener(listener) {
      cas.add(listener)
      // gRPC listens before it is ready to be told.
      process.nextTick(() => tellCa(listener, tls.current()))
    },
    removeCaCertificateListener: (listener) => void cas.delete(listener),
    addIdentityCertificateListener(listener) {
      identities.add(listener)
      process.nextTick(() => tellIdentity(listener, tls.current()))
    },
    removeIdentityCertificateListener: (listener) => void identities.delete(listener),
  }
}
