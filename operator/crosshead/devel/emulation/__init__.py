"""
An AWS that lives on this machine: moto's server, with the passage of time, AWS's refusals and faults on demand.

* `server`       HTTP on 127.0.0.1, keep-alive, and connections that can be cut
* `gate`         every request passes here: control endpoint, journal, faults, then one at a time into moto
* `calls`        what a request asks for: service, operation, region, protocol
* `answers`      what is sent back, and AWS's errors in the wire form of each protocol
* `faults`       rules that make calls fail, wait or disappear
* `timeline`     what happens later: creating becomes available, deleting becomes gone
* `rds`, `cache_*`, `buckets`, `networks`, `identities`, `functions`   moto's services, corrected
* `eks_store`, `eks_responses`   clusters and what is below them, our own
* `world`        puts the corrected services in moto's place
"""
