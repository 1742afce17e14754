module pqrtc.example/pqrtc/bindings/go

go 1.24
