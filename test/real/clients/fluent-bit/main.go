// What Fluent Bit's older plugin, written in Go, makes of logs: Fluent Bit hands it a chunk of records, and the whole
// chunk again where it answers that it wants to. Arguments: endpoint, records, whether they are joined.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/aws/amazon-kinesis-firehose-for-fluent-bit/firehose"
	"github.com/fluent/fluent-bit-go/output"
	"github.com/sirupsen/logrus"
)

func flush(plugin *firehose.OutputPlugin, count int) int {
	now := time.Unix(1772323200, 0)
	for n := 0; n < count; n++ {
		record := map[interface{}]interface{}{"log": fmt.Sprintf("line %d", n)}
		if code := plugin.AddRecord(record, &now); code != output.FLB_OK {
			return code
		}
	}
	return plugin.Flush()
}

func main() {
	logrus.SetLevel(logrus.PanicLevel)
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	plugin, err := firehose.NewOutputPlugin("eu-west-1", "web", "", "", os.Args[1], "", "", "", "", "", 0, os.Args[3] == "joined")
	if err != nil {
		log.Fatal(err)
	}
	tries := 1
	for ; flush(plugin, count) == output.FLB_RETRY && tries < 50; tries++ {
	}
	// At its end Fluent Bit flushes once more what the plugin has kept.
	for n := 0; n < 50; n++ {
		plugin.Flush()
	}
	fmt.Println(tries)
}
