import { Gauge } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import type { SigningKeys } from './signing-keys.ts'

/** Shows how long the key that signs has been signing. Not a number when that cannot be told. */
export function measureKeyAge({ registry }: Metrics, keys: Pick<SigningKeys, 'findSigningKey'>, now: () => Date): void {
  new Gauge({
    name: 'auth_signing_key_age_seconds',
    help: 'How long the key that signs access tokens has been signing',
    registers: [registry],
    async collect() {
      const signing = await keys.findSigningKey().catch(() => undefined)
      this.set(signing ? (now().getTime() - signing.since.getTime()) / 1_000 : Number.NaN)
    },
  })
}
