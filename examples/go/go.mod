module pqrtc.example/pqrtc/examples/go

go 1.24

require pqrtc.example/pqrtc/bindings/go v0.0.0

replace pqrtc.example/pqrtc/bindings/go => ../../bindings/go
