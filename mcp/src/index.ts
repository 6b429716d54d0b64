export { answerHttp } from './http.ts'
