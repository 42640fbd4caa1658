const { answer } = require("./lib/answer");
const table = require("./table.json");

exports.handler = async ({ records }) => ({ records: records.map((record) => answer(record, table)) });
