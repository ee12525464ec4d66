/** The signed-in person as `GET /api/v1/me` tells. */
export type Me = {
  userId: string
  name: string
  department: string
  email: string
  roles: string[]
  language: 'ko' | 'en'
}
