import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoPassword } from '../demo/accounts.ts'
import { launchOffice, type Office } from '../demo/launch/office.ts'
import { loadSecrets } from '../demo/launch/secrets.ts'
import type { AskReply } from '../src/chat/api.ts'
import { signInWithPassword } from '../src/cli/sign-in.ts'
import { comparedFigure, type Figure, median, plainFigure } from './figure.ts'

const question = '이번 달 매출 상위 5개 거래처'
const rounds = 60
const warmUps = 15

/**
 * `npm run bench`: start-up to ready, cold and warm; memory at rest; one question's time by step, beside a bare fetch of the
 * same aggregate from the same ERP in the same run.
 */
export async function measureService(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  try {
    const cold = await timeStart(dataDir)
    await cold.office.stop()
    const warm = await timeStart(dataDir)
    try {
      const memory = await measureMemory(warm.office)
      const steps = await measureQuestion(warm.office, dataDir)
      return [
        plainFigure('start to ready, new data folder', cold.seconds, 's'),
        comparedFigure('start to ready, second start', warm.seconds, 's', {
          name: 'new data folder',
          value: cold.seconds,
        }),
        ...memory,
        ...steps,
      ]
    } finally {
      await warm.office.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function timeStart(dataDir: string): Promise<{ office: Office; seconds: number }> {
  const startedAt = performance.now()
  const office = await launchOffice({ dataDir, port: 0 })
  return { office, seconds: (performance.now() - startedAt) / 1000 }
}

/** Resident memory of the service and of each part beside it, five seconds after it is ready. Linux only: /proc. */
async function measureMemory(office: Office): Promise<Figure[]> {
  await new Promise((done) => setTimeout(done, 5_000))
  const residentMb = async (pid: number) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024
  }
  const figures = Object.entries(office.parts).map(async ([name, { pid }]) =>
    plainFigure(`memory at rest, ${name}`, await residentMb(pid), 'MB'),
  )
  return (await Promise.all(figures)).filter((figure) => Number.isFinite(figure.value))
}

async function measureQuestion(office: Office, dataDir: string): Promise<Figure[]> {
  const { accessToken } = await signInWithPassword({
    serviceUrl: office.url,
    login: 'sanghyun',
    password: demoPassword,
  })
  const fetchBare = await createBareFetch(office, dataDir)
  const times: Record<string, number[]> = {}
  const note = (step: string, ms: number) => {
    times[step] = [...(times[step] ?? []), ms]
  }
  for (let i = 0; i < warmUps + rounds; i += 1) {
    const isWarm = i >= warmUps
    const bare = await timed(fetchBare)
    const asked = await timed(() => ask(office.url, accessToken))
    if (!isWarm) continue
    const { total = 0, ...steps } = asked.value.turn.timing ?? {}
    for (const [step, ms] of Object.entries(steps)) note(step, ms)
    note('http', asked.ms - total)
    note('whole', asked.ms)
    note('bare', bare.ms)
  }
  const at = (step: string) => median(times[step] ?? [])
  const figures = ['http', 'understand', 'permit', 'erp', 'render'].map((step) =>
    plainFigure(`one question, ${step}`, at(step), 'ms'),
  )
  return [
    comparedFigure('one question, whole', at('whole'), 'ms', {
      name: 'bare fetch of the same aggregate',
      value: at('bare'),
    }),
    ...figures,
  ]
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now()
  const value = await work()
  return { value, ms: performance.now() - startedAt }
}

async function ask(url: string, token: string): Promise<AskReply> {
  const reply = await fetch(new URL('/api/v1/chat/messages', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text: question }),
    signal: AbortSignal.timeout(20_000),
  })
  if (!reply.ok) throw new Error(`The question was answered ${reply.status}`)
  return ((await reply.json()) as { body: AskReply }).body
}

/** The peer: the same top-5 aggregate, fetched from the ERP with nothing of ours in between. */
async function createBareFetch(office: Office, dataDir: string): Promise<() => Promise<unknown>> {
  const { erpClientSecret, erpApiKey } = await loadSecrets(dataDir)
  const [erp = ''] = office.erpUrls
  const granted = await fetch(new URL('/oauth2/token', erp), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'erp-chatbot',
      client_secret: erpClientSecret,
    }),
  })
  const { access_token } = (await granted.json()) as { access_token: string }
  const now = new Date()
  const month = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' }).format(now).slice(0, 7)
  const lastDay = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate()
  const url = new URL('/odata/v4/SalesInvoiceLines', erp)
  url.searchParams.set(
    '$apply',
    `filter(DocumentDate ge ${month}-01 and DocumentDate le ${month}-${lastDay})/groupby((CustomerName),aggregate(Amount with sum as amount))`,
  )
  url.searchParams.set('$orderby', 'amount desc')
  url.searchParams.set('$top', '5')
  return async () => {
    const reply = await fetch(url, { headers: { authorization: `Bearer ${access_token}`, 'x-api-key': erpApiKey } })
    if (!reply.ok) throw new Error(`The ERP answered ${reply.status}`)
    return reply.json()
  }
}
