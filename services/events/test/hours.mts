import { createManualClock, HOUR_MS } from '@rondo/time'
import { mkdtempSync, rmSync } from 'node:fs'
import { START_MS, ctx, openHouse, play, trackPlayed, searchMade } from './events-house.ts'
const dir = mkdtempSync('/tmp/hrs-')
const clock=createManualClock(START_MS)
const house=await openHouse(dir, clock)
const names=['track-played','track-skipped','track-saved','playlist-added','search-made','flag-exposed']
for(const n of names) await house.api.putType({type:n,body:{...(n==='search-made'?searchMade:trackPlayed),name:n}},ctx)
const per=Number(process.argv[2]??500)
let post=0, settle=0, idle=0, cpuS=0
for(let h=0;h<300;h++){
  let t=performance.now()
  const all=names.flatMap(n=>Array.from({length:per},(_, i)=>({...play(`${n}-${h}-${i}`,'u'+(i%97),new Date(clock.now()).toISOString()),type:n,...(n==='search-made'?{properties:{query:'q'}}:{})})))
  for(let i=0;i<all.length;i+=500) await house.send(all.slice(i,i+500))
  if(h>5) post+=performance.now()-t
  clock.advance(HOUR_MS)
  t=performance.now(); let c=process.cpuUsage()
  await house.settle()
  if(h>5) {settle+=performance.now()-t; c=process.cpuUsage(c); cpuS+=(c.user+c.system)/1000}
  t=performance.now(); for(let i=0;i<100;i++) await house.service.jobs![0]!.run(ctx); idle+=(performance.now()-t)/100
}
console.log({per, postMs:post/294, settleMs:settle/294, settleCpuMs:cpuS/294, idleUs:idle/60*1000})
await house.close(); rmSync(dir,{recursive:true})
