import type { ApiClient } from './client.ts'

/** Saves what is at `path` as a file under the name the server gives, else under `otherwise`. Throws ApiError. */
export async function downloadFile(api: ApiClient, path: string, otherwise: string): Promise<void> {
  const response = await api.open(path)
  const name = fileName(response.headers.get('content-disposition')) ?? otherwise
  saveFile(await response.blob(), name)
}

/** The file name of a Content-Disposition header; the UTF-8 form first. */
export function fileName(header: string | null): string | null {
  const encoded = header?.match(/filename\*=UTF-8''([^;]+)/i)?.[1]
  if (encoded) {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return null
    }
  }
  return header?.match(/filename="?([^";]+)"?/i)?.[1] ?? null
}

function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
