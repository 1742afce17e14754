module pqrtc-examples

go 1.24

require pqrtc v0.0.0

replace pqrtc => ../../bindings/go
