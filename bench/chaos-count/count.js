// Counts results as a read_committed consumer (the default of KafkaJS) sees them. It takes no group and no offsets of its own
// are kept: it reads every topic from its first record. Prints a line of JSON a second.
// usage: node count.js BOOTSTRAP_SERVERS TOPIC...
const { Kafka, logLevel } = require('kafkajs')

const [servers, ...topics] = process.argv.slice(2)
const kafka = new Kafka({
  brokers: servers.split(','),
  logLevel: logLevel.NOTHING,
  retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 1000000 },
})
const seen = new Map() // key -> coordinates of its first result
const repeats = new Set() // coordinates of results beyond a key's first
const byTopic = {}
let results = 0
let duplicates = 0

async function count () {
  const consumer = kafka.consumer({ groupId: `chaos-count-${process.pid}`, maxWaitTimeInMs: 500, sessionTimeout: 60000 })
  // KafkaJS restarts by itself after what it takes for passing; begin anew after anything else.
  consumer.on(consumer.events.CRASH, ({ payload }) => { if (!payload.restart) again() })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({ autoCommit: false, eachMessage: async (event) => see(event) })
}

function see ({ topic, partition, message }) {
  const key = message.key.toString()
  const place = `${topic}/${partition}/${message.offset}`
  const first = seen.get(key)
  if (first === place || repeats.has(place)) return // read again after the broker was away
  if (first === undefined) {
    seen.set(key, place)
    results++
    byTopic[topic] = (byTopic[topic] || 0) + 1
  } else {
    repeats.add(place)
    duplicates++
  }
}

function again () {
  setTimeout(() => count().catch(again), 1000)
}

count().catch(again)
setInterval(() => console.log(JSON.stringify({ results, duplicates, byTopic })), 1000)
