import { expect, test } from 'vitest'
import { readDevice } from './read-device.ts'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'

test.each([
  [chrome, { browser: 'Chrome', system: 'Windows' }],
  [`${chrome} Edg/130.0.0.0`, { browser: 'Edge', system: 'Windows' }],
  [`${chrome} Whale/3.28.266.14`, { browser: 'Whale', system: 'Windows' }],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    { browser: 'Safari', system: 'iPhone' },
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-S928N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36',
    { browser: 'Samsung Internet', system: 'Android' },
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', { browser: 'Firefox', system: 'Linux' }],
  ['curl/8.5.0', {}],
  ['<script>alert(1)</script>', {}],
  [undefined, {}],
])('%s', (userAgent, device) => {
  expect(readDevice(userAgent)).toEqual(device)
})
