const { change } = require("./lib/change");

exports.handler = (event, context, callback) => {
  callback(null, { records: event.records.map((record) => change(record, { team: process.env.TEAM })) });
};
